import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ExportedMessage, type ExportFormat, exportMessages } from '../../../src/core/mqtt/messageExport';

const message = (topic: string, payload: string | Uint8Array): ExportedMessage => {
  const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  return { topic, timeMs: 0, qos: 1, retain: true, payload: bytes, totalBytes: bytes.length };
};

const exported = (messages: Iterable<ExportedMessage>, format: ExportFormat): string =>
  new TextDecoder().decode(exportMessages(messages, format));

test('JSON Lines has a record a line, text as text and the rest in base64', () => {
  const lines = exported([message('a', '{"t":1}\n'), message('b', Uint8Array.of(0xff, 0))], 'jsonl').split('\n');
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
    exported([message('a,b', 'say "hi"\r\nbye')], 'csv'),
    'time,topic,qos,retained,bytes,encoding,payload,properties\r\n1970-01-01T00:00:00.000Z,"a,b",1,true,13,text,"say ""hi""\r\nbye",\r\n',
  );
});

test('CSV gives a spreadsheet no formula, and leaves negative numbers alone', () => {
  const cells = (payload: string): string =>
    exported([message('t', payload)], 'csv')
      .split('text,')[1]
      ?.replace(/,\r\n$/, '') ?? '';
  assert.equal(cells('=HYPERLINK(1)'), "'=HYPERLINK(1)");
  assert.equal(cells('@x'), "'@x");
  assert.equal(cells('-21.5'), '-21.5');
});

test('no messages are an empty file, or a head alone', () => {
  assert.equal(exported([], 'jsonl'), '');
  assert.equal(exported([], 'csv'), 'time,topic,qos,retained,bytes,encoding,payload,properties\r\n');
});

test('MQTT 5 properties are in both formats', () => {
  const some = { ...message('t', 'x'), properties: [['contentType', 'a,b']] as const };
  assert.deepEqual(JSON.parse(exported([some], 'jsonl')).properties, [['contentType', 'a,b']]);
  assert.match(exported([some], 'csv'), /,x,"\[\[""contentType"",""a,b""\]\]"\r\n$/);
});

test('more than one chunk of text is whole', () => {
  const many = Array.from({ length: 30 }, (_, i) => message(`t/${i}`, 'é'.repeat(60_000)));
  const lines = exported(many, 'jsonl').split('\n');
  assert.equal(lines.length, 31);
  for (const [i, line] of lines.slice(0, 30).entries()) assert.equal(JSON.parse(line).topic, `t/${i}`);
});
