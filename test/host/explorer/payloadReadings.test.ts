import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { payloadReadings, type ReadingPlaces } from '../../../src/host/explorer/payloadReadings';
import { writeFiles } from '../../support/sketchProject';
import { temporaryFolder } from '../../support/temporaryFolder';

const text = (payload: string) => new TextEncoder().encode(payload);

describe('what a payload is beyond its bytes', () => {
  let workspace: string;
  const places = (protobuf: ReadingPlaces['protobuf'] = []): ReadingPlaces => ({
    workspace,
    protobuf,
  });
  const read = (topic: string, payload: Uint8Array, protobuf?: ReadingPlaces['protobuf']) =>
    payloadReadings(topic, payload, places(protobuf));
  beforeEach(() => {
    workspace = temporaryFolder('readings');
  });

  it('shows protobuf by the .proto file that the setting names for the topic', async () => {
    await writeFiles({ 'site.proto': 'package s; message Reading { uint32 celsius = 1; }' }, workspace);
    const setting = [{ topics: 'site/+/reading', file: 'site.proto', message: 'Reading' }];
    const [reading] = await read('site/1/reading', Uint8Array.of(8, 21), setting);
    assert.deepEqual(reading, {
      kind: 'text',
      label: 'Protobuf',
      text: 'celsius: 21',
      note: 's.Reading of site.proto',
      sure: true,
    });
    assert.deepEqual(await read('other', text('plain'), setting), []);
  });

  it('names what is wrong with the setting in the place of the payload', async () => {
    await writeFiles({ 'broken.proto': 'message A {', 'good.proto': 'message A { int32 a = 1; }' }, workspace);
    const shown = async (file: string, message: string) => {
      const [reading] = await read('t', Uint8Array.of(8, 1), [{ topics: '#', file, message }]);
      return reading?.kind === 'text' ? reading.text : '';
    };
    assert.match(await shown('gone.proto', 'A'), /gone\.proto cannot be read/);
    assert.match(await shown('broken.proto', 'A'), /broken\.proto, line 1: it ends too early/);
    assert.match(await shown('good.proto', 'B'), /has no message "B"\. It has: A/);
  });

  it('shows images of a sane size, and only tells of one that claims a huge picture', async () => {
    const png = (width: number, height: number) => {
      const bytes = new Uint8Array(64);
      bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
      new DataView(bytes.buffer).setUint32(16, width);
      new DataView(bytes.buffer).setUint32(20, height);
      return bytes;
    };
    const [small] = await read('camera', png(640, 480));
    assert.deepEqual([small?.kind, small?.note], ['image', 'image/png, 640 x 480']);
    const [bomb] = await read('camera', png(60_000, 60_000));
    assert.equal(bomb?.kind, 'text');
  });

  it('offers bytes that may be protobuf, but does not show them first; text and JSON stay what they are', async () => {
    const [maybe] = await read('t', Uint8Array.of(8, 150, 1));
    assert.deepEqual([maybe?.label, maybe?.sure], ['Protobuf', false]);
    for (const payload of ['{"a":1}', 'on', '21.4', '']) assert.deepEqual(await read('t', text(payload)), []);
  });
});
