// Images whose checksums are right and whose content is not: what a fuzzer or a bad tool makes, and no random damage does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LFS_DISK_VERSION, LfsType, lfsWords, MetadataBlock } from '../../../src/core/firmware/littlefsFormat';
import { readLittlefsImage } from '../../../src/core/firmware/littlefsReader';
import { NVS_FIRST_ENTRY, type NvsRow, nvsEntryCrc } from '../../../src/core/firmware/nvsFormat';
import { buildNvsImage } from '../../../src/core/firmware/nvsImage';
import { readNvsImage } from '../../../src/core/firmware/nvsReader';
import { userError } from '../../support/userError';

const text = (value: string) => new TextEncoder().encode(value);
const ROWS: readonly NvsRow[] = [
  { kind: 'namespace', key: 'n' },
  { kind: 'entry', key: 'name', value: { kind: 'string', bytes: text('value') } },
  { kind: 'entry', key: 'blob', value: { kind: 'blob', bytes: Uint8Array.of(1, 2, 3) } },
];

/** The image with one entry changed, its checksum right again. */
function withEntry(index: number, change: (entry: Uint8Array, view: DataView) => void): Uint8Array {
  const image = buildNvsImage(ROWS, 0x3000);
  const entry = image.subarray(NVS_FIRST_ENTRY + 32 * index, NVS_FIRST_ENTRY + 32 * (index + 1));
  const view = new DataView(entry.buffer, entry.byteOffset, entry.length);
  change(entry, view);
  view.setUint32(4, nvsEntryCrc(entry), true);
  return image;
}

test('an NVS entry that spans nothing, or more than there is, is a problem and no crash', () => {
  assert.equal(readNvsImage(withEntry(1, () => {})).problems.length, 0);
  for (const span of [0, 1, 200, 255]) {
    const image = withEntry(1, (entry) => {
      entry[2] = span;
    });
    const { rows, problems } = readNvsImage(image);
    assert.ok(problems.length > 0, `span ${span}`);
    assert.ok(!rows.some(({ key }) => key === 'name'), `span ${span}`);
  }
});

test('a blob of four gigabytes by its index is left out, and no room is made for it', () => {
  // entries: namespace, string (2), chunk (2), index
  for (const size of [0xffff_ffff, 4, 2]) {
    const { rows, problems } = readNvsImage(withEntry(5, (_entry, view) => view.setUint32(24, size, true)));
    assert.deepEqual(problems, ['"blob" is not complete and is left out.']);
    assert.ok(!rows.some(({ key }) => key === 'blob'));
  }
});

test('a LittleFS in which every folder stands twice in the one above is damaged, not walked through for ever', () => {
  const [blockSize, levels] = [512, 40];
  const image = new Uint8Array(blockSize * 2 * (levels + 1)).fill(0xff);
  for (let level = 0; level <= levels; level++) {
    const block = new MetadataBlock(blockSize);
    let id = 0;
    if (level === 0) {
      block.add(LfsType.superblock, id, text('littlefs'));
      block.add(LfsType.inlineStruct, id++, lfsWords(LFS_DISK_VERSION, blockSize, image.length / blockSize, 64, 1, 1));
    }
    for (const name of level < levels ? ['a', 'b'] : []) {
      block.add(LfsType.directory, id, text(name));
      block.add(LfsType.directoryStruct, id++, lfsWords(2 * level + 2, 2 * level + 3));
    }
    image.set(block.finish(), 2 * level * blockSize);
  }
  assert.throws(() => readLittlefsImage(image), userError('littlefs-damaged', /stands in two places/));
});
