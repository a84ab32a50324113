import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  baudRateRequest,
  ComPort,
  Control,
  comPortRequest,
  escapeIac,
  Rfc2217Client,
  type Rfc2217Event,
} from '../../../src/core/serial/rfc2217';

const IAC = 0xff;
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('Rfc2217Client', () => {
  it('asks for binary, suppress-go-ahead and COM-PORT-OPTION on both sides', () => {
    assert.equal(hex(new Rfc2217Client().start()), 'fffb00fffd00fffb03fffd03fffb2cfffd2c');
  });

  it('is ready once the server agrees to COM-PORT-OPTION, and says so once', () => {
    const client = new Rfc2217Client();
    client.start();
    const first = client.receive(Uint8Array.from([IAC, 0xfd, 44]));
    const again = client.receive(Uint8Array.from([IAC, 0xfb, 44, IAC, 0xfd, 44]));
    assert.deepEqual(first.events, [{ kind: 'ready' }]);
    assert.deepEqual(again.events, []);
    assert.equal(again.reply.length, 0, 'an agreement to what we asked is not answered: that would loop');
  });

  it('is refused when the server declines both sides', () => {
    const client = new Rfc2217Client();
    client.start();
    assert.deepEqual(client.receive(Uint8Array.from([IAC, 0xfe, 44])).events, []);
    assert.deepEqual(client.receive(Uint8Array.from([IAC, 0xfc, 44])).events, [{ kind: 'refused' }]);
  });

  it('doubles every 0xFF, also of many in a row, and leaves what has none as it is', () => {
    const plain = Uint8Array.of(1, 2, 254);
    assert.equal(escapeIac(plain), plain);
    assert.equal(hex(escapeIac(Uint8Array.of(255, 255, 255, 7, 255))), 'ffffffffffff07ffff');
  });

  it('has the numbers of RFC 2217 for the control lines', () => {
    assert.deepEqual(Control, {
      noFlowControl: 1,
      breakOn: 5,
      breakOff: 6,
      dtrOn: 8,
      dtrOff: 9,
      rtsOn: 11,
      rtsOff: 12,
    });
  });

  it('refuses options it does not know', () => {
    const step = new Rfc2217Client().receive(Uint8Array.from([IAC, 0xfb, 1, IAC, 0xfd, 24]));
    assert.equal(hex(step.reply), 'fffe01fffc18');
  });

  it('reads answers, modem state and flow control, with doubled 0xff inside', () => {
    const { events, data } = new Rfc2217Client().receive(
      Uint8Array.from([65, IAC, 0xfa, 44, 101, 0, 0, IAC, IAC, 0, IAC, 0xf0, 66, IAC, 0xfa, 44, 107, 0x30, IAC, 0xf0]),
    );
    assert.deepEqual(events, [
      { kind: 'answer', command: ComPort.setBaudRate, value: Uint8Array.from([0, 0, 255, 0]) },
      { kind: 'modem-state', value: 0x30 },
    ]);
    assert.equal(Buffer.from(data).toString(), 'AB');
  });

  it('gives back any data that was escaped, cut at any place', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(600), { maxLength: 8 }), (data, cuts) => {
        const line = Buffer.concat([escapeIac(data), comPortRequest(ComPort.setControl + 100, [255])]);
        const places = [0, ...cuts.map((c) => c % line.length).sort((a, b) => a - b), line.length];
        const client = new Rfc2217Client();
        const out: Uint8Array[] = [];
        const events: Rfc2217Event[] = [];
        for (let i = 1; i < places.length; i++) {
          const step = client.receive(line.subarray(places[i - 1], places[i]));
          out.push(step.data);
          events.push(...step.events);
        }
        assert.deepEqual(Buffer.concat(out), Buffer.from(data));
        assert.deepEqual(events, [{ kind: 'answer', command: ComPort.setControl, value: Uint8Array.from([255]) }]);
      }),
    );
  });

  it('survives any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        const client = new Rfc2217Client();
        assert.ok(client.receive(bytes).data.length <= bytes.length);
      }),
    );
  });
});

it('writes a baud rate high byte first and doubles 0xff in it', () => {
  assert.equal(hex(baudRateRequest(921600)), 'fffa2c01000e1000fff0');
  assert.equal(hex(baudRateRequest(0x1ff00)), 'fffa2c010001ffff00fff0');
});
