import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planFlash } from '../../../src/core/firmware/flashPlan';
import { firmwareImage, partitionTable } from '../../support/firmwareFiles';

const file = (offset: number, bytes: Uint8Array, name = 'app.bin') => ({ offset, bytes, name });
const code = (expected: string, message?: RegExp) => (error: Error & { code?: string }) => {
  assert.equal(error.code, expected, error.message);
  if (message) assert.match(error.message, message);
  return true;
};

describe('planFlash', () => {
  it('sorts by offset', () => {
    const plan = planFlash([file(0x10000, firmwareImage()), file(0x1000, firmwareImage())]);
    assert.deepEqual(
      plan.files.map((f) => f.offset),
      [0x1000, 0x10000],
    );
  });

  it('refuses overlap and names both files', () => {
    assert.throws(
      () => planFlash([file(0x1000, Buffer.alloc(0x7001, 1), 'boot.bin'), file(0x8000, partitionTable(), 'table.bin')]),
      code('files-overlap', /boot\.bin \(0x1000 to 0x8001\) overlaps table\.bin at 0x8000/),
    );
  });

  it('refuses an offset inside a sector', () => {
    assert.throws(() => planFlash([file(0x1004, firmwareImage())]), code('offset-unaligned'));
  });

  for (const [what, bytes, says] of [
    ['an ELF file', Buffer.from('\x7fELF\x01\x01', 'latin1'), /ELF file.*\.bin file beside it/],
    ['an empty file', Buffer.alloc(0), /is empty/],
    ['a UF2 file', Buffer.from('UF2\n'), /UF2/],
    ['a ZIP archive', Buffer.from('PK\x03\x04', 'latin1'), /ZIP/],
    ['a web page', Buffer.from('<!DOCTYPE html><html>'), /web page/],
    ['a Git LFS pointer', Buffer.from('version https://git-lfs.github.com/spec/v1\noid'), /git lfs pull/],
  ] as const)
    it(`refuses ${what}`, () => {
      assert.throws(() => planFlash([file(0x10000, bytes)]), code('not-an-image', says));
    });

  it('refuses nothing at all', () => assert.throws(() => planFlash([]), code('nothing-to-flash')));
});
