import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../../src/core/errors';
import {
  joinUpdate,
  readFirmwareVersion,
  splitUpdate,
  UPDATE_PIECE_BYTES,
  updatePiece,
  writeUpdateHead,
} from '../../../src/core/firmware/signedUpdate';

const refused = (code: string, reason: RegExp) => (error: unknown) =>
  error instanceof UserError && error.code === code && reason.test(error.message);
const imageWith = (text: string): Uint8Array => Buffer.concat([Buffer.from([0xe9]), Buffer.from(text)]);

test('the version is read from the text that the firmware prints', () => {
  assert.equal(readFirmwareVersion(imageWith('[[secure-iot] x [secure-iot] firmware version 42\0more')), 42);
  assert.equal(readFirmwareVersion(imageWith('[secure-iot] firmware version 7')), 7, 'at the very end');
});

test('an image without a version, with two, or that is no image is refused', () => {
  assert.throws(
    () => readFirmwareVersion(imageWith('[secure-iot] firmware version ')),
    refused('update-no-version', /not in it/),
  );
  const twice = imageWith('[secure-iot] firmware version 1\0[secure-iot] firmware version 2\0');
  assert.throws(() => readFirmwareVersion(twice), refused('update-no-version', /several numbers/));
  assert.throws(() => readFirmwareVersion(Buffer.from('MZ')), refused('update-not-image', /0xE9/));
  assert.throws(() => readFirmwareVersion(new Uint8Array()), refused('update-not-image', /0xE9/));
});

test('a signed file comes apart as it was put together', () => {
  const image = Uint8Array.from({ length: 5000 }, (_, i) => i);
  const head = writeUpdateHead(3, image.length, new Uint8Array(32).fill(7));
  const signature = new Uint8Array(70).fill(9);
  const { version, offer, image: back } = splitUpdate(joinUpdate(head, signature, image));
  assert.equal(version, 3);
  assert.deepEqual(offer, Uint8Array.from([...head, ...signature]));
  assert.deepEqual(Uint8Array.from(back), image);
});

test('what is no signed file, or half of one, is refused', () => {
  const file = joinUpdate(writeUpdateHead(3, 100, new Uint8Array(32)), new Uint8Array(70), new Uint8Array(100));
  assert.throws(() => splitUpdate(file.subarray(0, 150)), refused('update-not-signed', /35 bytes, 100 were signed/));
  for (const bytes of [new Uint8Array(), file.subarray(0, 44), Buffer.from('SIU2'.padEnd(200))])
    assert.throws(() => splitUpdate(bytes), refused('update-not-signed', /no signed update/));
});

test('the pieces cover the image, each with its offset', () => {
  const image = Uint8Array.from({ length: 2 * UPDATE_PIECE_BYTES + 5 }, (_, i) => i * 7);
  const got: number[] = [];
  for (let offset = 0; offset < image.length; ) {
    const piece = Buffer.from(updatePiece(image, offset));
    assert.equal(piece.readUInt32BE(0), offset);
    got.push(...piece.subarray(4));
    offset += piece.length - 4;
  }
  assert.deepEqual(Uint8Array.from(got), image);
  assert.equal(updatePiece(image, image.length).length, 0);
});
