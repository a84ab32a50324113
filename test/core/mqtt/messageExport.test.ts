import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ExportedMessage, exportMessages } from '../../../src/core/mqtt/messageExport';

const message = (topic: string, payload: string | Uint8Array): ExportedMessage => {
  const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  return { topic, timeMs: 0, qos: 1, retain: true, payload: bytes, totalBytes: bytes.length };
};

test('JSON Lines has a record a line, text as text and the rest in base64', () => {
  const lines = exportMessages([message('a', '{"t":1}\n'), message('b', Uint8Array.of(0xff, 0))], 'jsonl').split('\n');
  assert.deepEqual(
    lines.slice(0, 2).map((line) => JSON.parse(line)),
    [
      {
        time: '1970-01-01T00:00:00.000Z',
        topic: 'a',
        qos: 1,
        retained: true,
        bytes: 8,
        encoding: 'text',
        payload: '{"t":1}\n',
      },
      {
        time: '1970-01-01T00:00:00.000Z',
        topic: 'b',
        qos: 1,
        retained: true,
        bytes: 2,
        encoding: 'base64',
        payload: '/wA=',
      },
    ],
  );
  assert.equal(lines[2], '');
});

test('CSV quotes what needs it', () => {
  assert.equal(
    exportMessages([message('a,b', 'say "hi"\r\nbye')], 'csv'),
    'time,topic,qos,retained,bytes,encoding,payload\r\n1970-01-01T00:00:00.000Z,"a,b",1,true,13,text,"say ""hi""\r\nbye"\r\n',
  );
});

test('CSV gives a spreadsheet no formula, and leaves negative numbers alone', () => {
  const cells = (payload: string): string => exportMessages([message('t', payload)], 'csv').split('text,')[1] ?? '';
  assert.equal(cells('=HYPERLINK(1)'), "'=HYPERLINK(1)\r\n");
  assert.equal(cells('@x'), "'@x\r\n");
  assert.equal(cells('-21.5'), '-21.5\r\n');
});

test('no messages are an empty file, or a head alone', () => {
  assert.equal(exportMessages([], 'jsonl'), '');
  assert.equal(exportMessages([], 'csv'), 'time,topic,qos,retained,bytes,encoding,payload\r\n');
});
