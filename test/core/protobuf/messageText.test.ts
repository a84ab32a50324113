// Our reader of protobuf against protobufjs as the writer: schemas, scalars, nested and packed fields, and bad input.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { messageText, rawMessageText } from '../../../src/core/protobuf/messageText';
import { parseProto } from '../../../src/core/protobuf/parseProto';

const PROTO = `
syntax = "proto3"; // a comment
package site.v1;
import "google/protobuf/timestamp.proto";
option java_package = "x";
/* what a sensor sends */
message Reading {
  enum Unit { option allow_alias = true; CELSIUS = 0; KELVIN = 1; K = 1; OTHER = -1; }
  message Position { double lat = 1; double lon = 2; }
  reserved 40 to 45;
  float temperature = 1;
  sint32 delta = 2;
  repeated uint32 samples = 3 [packed = true];
  Unit unit = 4;
  Position position = 5;
  map<string, int64> counters = 6;
  oneof source { string sensor = 7; bytes raw = 8; }
  fixed32 crc = 9;
  sfixed64 offset = 10;
  bool ok = 11;
  repeated string tags = 12;
  int32 negative = 13;
  repeated Position path = 14;
}
service Ignored { rpc Get (Reading) returns (Reading) { option deprecated = true; } }
`;
const schema = parseProto(PROTO, 'site.proto');
const reading = schema.messages.get('site.v1.Reading');
assert.ok(reading);
const writer = protobuf.parse(PROTO.replace(/import .*;/, '')).root.lookupType('site.v1.Reading');
const encode = (value: object) => writer.encode(writer.fromObject(value)).finish();

describe('protobuf', () => {
  it('shows every kind of field with its name', () => {
    const bytes = encode({
      temperature: 21.4,
      delta: -3,
      samples: [1, 300, 70_000],
      unit: 'KELVIN',
      position: { lat: 52.5, lon: 13.25 },
      counters: { boots: 7 },
      sensor: 'dht"20"',
      crc: 0xdeadbeef,
      offset: -5,
      ok: true,
      tags: ['a', 'b'],
      negative: -1,
      path: [{ lat: 1 }, { lat: 2 }],
    });
    assert.deepEqual(messageText(bytes, schema, reading)?.split('\n'), [
      'temperature: 21.4',
      'delta: -3',
      'samples: [1, 300, 70000]',
      'unit: KELVIN (1)',
      'position {',
      '  lat: 52.5',
      '  lon: 13.25',
      '}',
      'counters["boots"]: 7',
      'sensor: "dht\\"20\\""',
      `crc: ${0xdeadbeef}`,
      'offset: -5',
      'ok: true',
      'tags: "a"',
      'tags: "b"',
      'negative: -1',
      'path {',
      '  lat: 1',
      '}',
      'path {',
      '  lat: 2',
      '}',
    ]);
  });

  it('shows fields that the schema lacks by their number, and values of another type as what they are', () => {
    const other = protobuf
      .parse('syntax = "proto3"; message A { string temperature = 1; uint32 later = 99; }')
      .root.lookupType('A');
    const bytes = other.encode({ temperature: 'warm', later: 5 }).finish();
    assert.deepEqual(messageText(bytes, schema, reading)?.split('\n'), ['temperature (not a float): "warm"', '99: 5']);
  });

  it('reads a message without a schema', () => {
    const bytes = encode({ temperature: 21.5, sensor: 'dht', position: { lat: 1 }, delta: 1 });
    const text = rawMessageText(bytes) ?? '';
    assert.match(text, /^1: \d+ \(as float: 21\.5\)$/m);
    assert.match(text, /^7: "dht"$/m);
    assert.match(text, /^5 \{$/m);
  });

  it('takes any bytes without a throw, and in bounded time and text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const texts = [messageText(bytes, schema, reading), rawMessageText(bytes)];
        for (const text of texts) assert.ok(text === undefined || text.length < 400_000);
      }),
      { numRuns: 2000 },
    );
    // A bomb: 60,000 levels of messages in one another.
    let bomb: Uint8Array = Uint8Array.of(0x0a, 0x00);
    for (let i = 0; i < 60; i += 1) {
      const length: number[] = [];
      for (let n = bomb.length; ; n >>= 7) {
        length.push(n > 127 ? (n & 127) | 128 : n);
        if (n <= 127) break;
      }
      bomb = Uint8Array.of(0x0a, ...length, ...bomb);
    }
    assert.ok((rawMessageText(bomb) ?? '').split('\n').length < 100);
    const wide = new Uint8Array(2_000_000).fill(0x08).map((_, i) => (i % 2 ? 1 : 0x08));
    assert.equal(rawMessageText(wide)?.split('\n').length, 10_001, 'a million fields are not laid out');
  });

  for (const [what, text, message] of [
    [
      'a type that is not there',
      'message A {\n Missing b = 1;\n}',
      /^x\.proto, line 2: the type "Missing" is not in this file/,
    ],
    ['a file that ends too early', 'message A { int32 a = 1;', /^x\.proto, line 1: it ends too early/],
    ['a field without a number', 'message A { int32 a; }', /"=" was expected, not ";"/],
    ['groups', 'message A { optional group B = 1 { } }', /groups are not supported/],
  ] as const)
    it(`names ${what} with its line`, () => {
      assert.throws(
        () => parseProto(text, 'x.proto'),
        (error: Error) => message.test(error.message),
      );
    });

  it('takes any text as a .proto file without anything but a UserError', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            'message',
            'A',
            '{',
            '}',
            'enum',
            '=',
            '1',
            ';',
            'map',
            '<',
            '>',
            ',',
            'oneof',
            '"x"',
            '[',
            ']',
          ),
        ),
        (words) => {
          try {
            parseProto(words.join(' '), 'x.proto');
          } catch (error) {
            assert.equal((error as { code?: string }).code, 'proto-damaged');
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('cuts a number that is longer than its type, as C++ does', () => {
    const wide = [0xff, 0xff, 0xff, 0xff, 0x0f];
    assert.equal(messageText(new Uint8Array([0x68, ...wide]), schema, reading), 'negative: -1');
    const beyond = [0x81, 0x80, 0x80, 0x80, 0x10];
    assert.equal(messageText(new Uint8Array([0x10, ...beyond]), schema, reading), 'delta: -1');
    assert.equal(messageText(new Uint8Array([0x1a, 5, ...beyond]), schema, reading), 'samples: [1]');
  });

  it('shows the first numbers of a packed field of megabytes, and says how much more there is', () => {
    const bytes = writer.encode(writer.fromObject({ samples: new Array(50_000).fill(7) })).finish();
    const text = messageText(bytes, schema, reading) ?? '';
    assert.equal(text.match(/7/g)?.length, 10_000);
    assert.match(text, /, 7, … 40000 bytes more\]$/);
    const long = new Uint8Array(12_000_005);
    long.set([0x1a, 0x80, 0xb6, 0xdc, 0x05]); // 12,000,000 zeros: as many objects would take a gigabyte
    assert.ok((messageText(long, schema, reading) ?? '').length < 50_000);
  });

  it('shows the first of very many fields, and says that there are more', () => {
    const bytes = writer.encode(writer.fromObject({ tags: new Array(10_001).fill('a') })).finish();
    const lines = messageText(bytes, schema, reading)?.split('\n') ?? [];
    assert.equal(lines.length, 10_001);
    assert.equal(lines.at(-1), '… more is left out');
    assert.match(rawMessageText(bytes) ?? '', /… more is left out$/);
  });
});
