import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';

import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SerialPort as Device } from 'serialport';
import { SerialPort } from '../../../src/io/serial/serialPort';
import { ptyPair, stopProcess } from '../../support/ptyPair';
import { requireTool } from '../../support/tools';
import { until } from '../../support/until';

it('carries every byte value both ways', async (t) => {
  const socat = requireTool(t, 'socat');
  if (!socat) return;
  const pair = await ptyPair(socat);
  const near = new SerialPort({ address: pair.near });
  const far = new SerialPort({ address: pair.far });
  try {
    await near.open(115200);
    await far.open(115200);
    const got: number[] = [];
    far.onData((bytes) => got.push(...bytes));
    const sent = Uint8Array.from({ length: 4096 }, (_, i) => i & 0xff);
    await near.write(sent);
    await until(() => got.length === sent.length, 'the bytes did not arrive');
    assert.deepEqual(Uint8Array.from(got), sent);
    assert.equal(near.hasModemLines, false, 'a pseudo terminal has no modem lines');
    await assert.rejects(near.setLines({ dtr: false, rts: true }), { code: 'lines-unsupported' });
  } finally {
    await near.close();
    await far.close();
    await pair.stop();
  }
});

it('tells the loss of the line, ends a write that waits, and opens again', async (t) => {
  const socat = requireTool(t, 'socat');
  if (!socat) return;
  const pair = await ptyPair(socat);
  const port = new SerialPort({ address: pair.near });
  try {
    await port.open(115200);
    const lost = new Promise<Error | undefined>((resolve) => port.onClose(resolve));
    const stuck = port.write(new Uint8Array(1_000_000)); // nobody reads the far end
    stuck.catch(() => {});
    await pair.stop();
    assert.match((await lost)?.message ?? '', /is gone. Check the cable/);
    await assert.rejects(stuck, { code: 'port-lost' });
    await assert.rejects(port.write(Uint8Array.of(1)), /is not open/);
    await assert.rejects(port.open(115200), { code: 'port-missing' });
  } finally {
    await port.close();
  }
});

it('says which process has the port', async (t) => {
  const socat = requireTool(t, 'socat');
  if (!socat) return;
  const pair = await ptyPair(socat);
  const script = `const {SerialPort}=require('serialport');const p=new SerialPort({path:${JSON.stringify(pair.near)},baudRate:9600},(e)=>console.log(e?e.message:'open'));setInterval(()=>{},1e3);`;
  const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    let said = '';
    holder.stdout.on('data', (chunk) => {
      said += chunk;
    });
    await until(() => said.includes('\n'), 'the other process did not open the port');
    await assert.rejects(new SerialPort({ address: pair.near }).open(115200), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'port-busy');
      assert.match(error.message, new RegExp(`"[^"]+" \\(process ${holder.pid}\\)`));
      return true;
    });
  } finally {
    await stopProcess(holder);
    await pair.stop();
  }
});

it('says that there is no such port', async () => {
  await assert.rejects(new SerialPort({ address: '/dev/ttyNone9' }).open(115200), {
    code: 'port-missing',
    message: /There is no port \/dev\/ttyNone9\. Plug the board in/,
  });
});

it('says that a file is not a serial port', async () => {
  await assert.rejects(new SerialPort({ address: fileURLToPath(import.meta.url) }).open(115200), {
    code: 'port-invalid',
  });
});

it('a port that opens when it was given up already is closed again', async (t) => {
  t.mock.method(Device.prototype, 'open', (done: (error: null) => void) => setTimeout(() => done(null), 60));
  let closed = 0;
  t.mock.method(Device.prototype, 'close', () => {
    closed++;
  });
  await assert.rejects(new SerialPort({ address: 'COM3' }, 10).open(115_200), { code: 'port-stalled' });
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(closed, 1);
});
