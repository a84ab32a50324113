import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { NVS_PAGE_SIZE, type NvsRow, type NvsValue } from '../../../src/core/firmware/nvsFormat';
import { buildNvsImage } from '../../../src/core/firmware/nvsImage';
import { setNvsEntries } from '../../../src/core/firmware/nvsMerge';
import { readNvsImage } from '../../../src/core/firmware/nvsReader';
import { type NvsUpdate, planNvsUpdate } from '../../../src/core/firmware/nvsUpdate';
import { nvsCipher } from '../../../src/io/provisioning/nvsCipher';

const SIZE = 0x8000;
const text = (value: string): NvsValue => ({ kind: 'string', bytes: new TextEncoder().encode(value) });
const cipher = nvsCipher(Uint8Array.from({ length: 64 }, (_, i) => (i * 7 + 3) & 0xff));

const value: fc.Arbitrary<NvsValue> = fc.oneof(
  fc.bigInt({ min: 0n, max: 255n }).map((n): NvsValue => ({ kind: 'integer', type: 'u8', value: n })),
  fc.string({ maxLength: 300 }).map((s) => text(s.replaceAll('\0', ' '))),
  fc.uint8Array({ maxLength: 5000, size: 'max' }).map((bytes): NvsValue => ({ kind: 'blob', bytes })),
);
const key = fc.stringMatching(/^[a-z]{1,4}$/);
const entries = fc.dictionary(key, value, { maxKeys: 5 }).map((record) => new Map(Object.entries(record)));
/** Fits SIZE together with the identity, whatever the order in which blobs are cut at the ends of pages. */
const fits = (rows: readonly NvsRow[]) =>
  rows.reduce((sum, row) => sum + (row.kind === 'entry' && 'bytes' in row.value ? row.value.bytes.length : 0), 0) <
  SIZE / 2;
const content = fc
  .dictionary(fc.constantFrom('wifi', 'tls', 'app'), entries, { maxKeys: 3 })
  .map((spaces) =>
    Object.entries(spaces).flatMap(([name, inside]): NvsRow[] => [
      { kind: 'namespace', key: name },
      ...[...inside].map(([entry, held]): NvsRow => ({ kind: 'entry', key: entry, value: held })),
    ]),
  )
  .filter(fits);
const identity = (of: string) =>
  new Map(['root_ca', 'device_cert', 'device_key'].map((name) => [name, text(`${name} of ${of} `.repeat(60))]));

/** What a firmware finds: `namespace/key` -> value. Namespaces that have no name are found by none. */
function found(image: Uint8Array, encrypted = false): Record<string, string> {
  let namespace = '';
  const all: Record<string, string> = {};
  for (const row of readNvsImage(image, encrypted ? cipher : undefined).rows) {
    if (row.kind === 'namespace') namespace = row.key;
    else if (!namespace.startsWith('('))
      all[`${namespace}/${row.key}`] =
        row.value.kind === 'integer' ? String(row.value.value) : Buffer.from(row.value.bytes).toString('hex');
  }
  return all;
}

/** The flash after `bytes` bytes of the update: sectors are erased one by one before they are written. */
function cutAt(old: Uint8Array, { steps }: NvsUpdate, bytes: number): Uint8Array {
  const image = old.slice();
  let left = bytes;
  for (const piece of steps.flat())
    for (let at = 0; at < piece.bytes.length; at += NVS_PAGE_SIZE) {
      if (left <= 0) return image;
      image.fill(0xff, piece.offset + at, piece.offset + at + NVS_PAGE_SIZE);
      image.set(piece.bytes.subarray(at, at + Math.min(left, NVS_PAGE_SIZE)), piece.offset + at);
      left -= NVS_PAGE_SIZE;
    }
  return image;
}

const wholeOf = ({ steps }: NvsUpdate) => steps.flat().reduce((sum, { bytes }) => sum + bytes.length, 0);

describe('an update of NVS', () => {
  it('leaves the old content or the new one at whatever byte the power fails, and the new one at the end', () => {
    let safe = 0;
    let runs = 0;
    fc.assert(
      fc.property(content, fc.boolean(), fc.array(fc.nat(), { minLength: 12, maxLength: 12 }), (rows, secret, cuts) => {
        const old = setNvsEntries(rows, 'tls', rows.length % 2 ? identity('old') : new Map());
        const options = secret ? { cipher } : {};
        const before = buildNvsImage(old, SIZE, options);
        const wanted = setNvsEntries(old, 'tls', identity('new'));
        const read = readNvsImage(before, secret ? cipher : undefined);
        const update = planNvsUpdate({ rows: wanted, namespace: 'tls', old: read, size: SIZE, ...options });
        runs++;
        if (update.safe) safe++;
        const after = found(buildNvsImage(wanted, SIZE, options), secret);
        const length = wholeOf(update);
        assert.deepEqual(found(cutAt(before, update, length), secret), after);
        if (!update.safe) return;
        const were = found(before, secret);
        for (const cut of cuts) {
          const now = found(cutAt(before, update, cut % length), secret);
          const isNew = now['tls/device_key'] === after['tls/device_key'];
          assert.deepEqual(now, isNew ? after : were, `cut after ${cut % length} of ${length} bytes`);
        }
      }),
      { numRuns: 150 },
    );
    assert.ok(safe > runs / 2, `only ${safe} of ${runs} were safe`);
  });

  it('goes on where a power cut left it, as often as it happens', () => {
    let image = buildNvsImage(setNvsEntries([], 'tls', identity('first')), SIZE);
    for (let n = 0; n < 40; n++) {
      const old = readNvsImage(image);
      const rows = setNvsEntries(
        old.rows.filter((row) => row.kind === 'namespace' || row.key.startsWith('d') || row.key === 'root_ca'),
        'tls',
        identity(`device ${n}`),
      );
      const update = planNvsUpdate({ rows, namespace: 'tls', old, size: SIZE });
      const before = found(image);
      const cut = cutAt(image, update, (n * 1777) % wholeOf(update));
      if (update.safe && found(cut)['tls/device_key'] === before['tls/device_key'])
        assert.deepEqual(found(cut), before);
      image = update.safe ? cut : cutAt(image, update, wholeOf(update));
    }
    assert.match(Buffer.from(found(image)['tls/device_key'] ?? '', 'hex').toString(), /^device_key of device \d+ /);
  });

  it('keeps one page free, without which ESP-IDF does not start NVS, or writes all anew and says so', () => {
    const full: NvsRow[] = [
      { kind: 'namespace', key: 'app' },
      ...Array.from({ length: 4 }, (_, n): NvsRow => ({ kind: 'entry', key: `k${n}`, value: text('x'.repeat(3900)) })),
    ];
    const rows = setNvsEntries(full, 'tls', identity('new'));
    const before = buildNvsImage(full, 0x7000);
    const update = planNvsUpdate({ rows, namespace: 'tls', old: readNvsImage(before), size: 0x7000 });
    assert.equal(update.safe, false);
    assert.deepEqual(update.steps, [[{ offset: 0, bytes: buildNvsImage(rows, 0x7000) }]]);
    const roomy = planNvsUpdate({
      rows: setNvsEntries([], 'tls', identity('new')),
      namespace: 'tls',
      old: readNvsImage(new Uint8Array(0x3000).fill(0xff)),
      size: 0x3000,
    });
    assert.equal(roomy.safe, true);
    assert.equal(roomy.steps.length, 1);
  });
});
