// The kept messages against a plain list of them, through thousands of random arrivals and removals.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MessageLog, NONE, SLOT_BYTES, type StoredMessage } from '../../../src/core/mqtt/messageLog';

interface Kept extends StoredMessage {
  readonly owner: number;
  readonly slot: number;
}

/** Whole numbers below `limit`, the same in each run. */
function numbers(): (limit: number) => number {
  let state = 1;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** All kept messages, oldest first, by the log's own order. */
function emptied(log: MessageLog): number[] {
  const ids: number[] = [];
  for (; log.oldest !== NONE; log.remove(log.oldest)) ids.push(log.idOf(log.oldest));
  return ids;
}

describe('the log of messages', () => {
  it('keeps order, owner, flags, times, sizes and properties of each, whichever are removed', () => {
    const random = numbers();
    const log = new MessageLog(4_096);
    const kept: Kept[] = [];
    for (let id = 1; id <= 6_000; id++) {
      const whole = Uint8Array.from({ length: 40 + random(200) }, () => random(256));
      const start = random(20);
      const end = start + random(whole.length - start + 1);
      const properties = random(3) === 0 ? ([[`name ${id}`, 'ä'.repeat(random(9))]] as const) : undefined;
      const meta = {
        qos: random(3) as 0 | 1 | 2,
        retain: random(2) === 1,
        duplicate: random(2) === 1,
        ...(properties ? { properties } : {}),
      };
      const [owner, totalBytes] = [random(50), end - start + random(1_000)];
      const slot = log.append(owner, id, id * 7, whole, start, end, totalBytes, meta);
      kept.push({ id, owner, slot, timeMs: id * 7, payload: whole.slice(start, end), totalBytes, ...meta });
      assert.deepEqual([log.oldest, log.newest], [kept[0]?.slot, slot]);
      if (random(10) >= 4) continue;
      const [gone] = kept.splice([0, kept.length - 1, random(kept.length)][random(3)] as number, 1);
      log.remove((gone as Kept).slot);
      assert.deepEqual([log.oldest, log.newest], [kept[0]?.slot ?? NONE, kept.at(-1)?.slot ?? NONE]);
    }
    assert.ok(kept.length > 2_000);
    for (const { slot, owner, ...message } of kept) {
      assert.deepEqual(
        { ...log.read(slot), payload: [...log.read(slot).payload] },
        { ...message, payload: [...message.payload] },
      );
      assert.equal(log.ownerOf(slot), owner);
      assert.equal(log.keptBytesOf(slot), message.payload.length + SLOT_BYTES);
    }
    assert.deepEqual(
      emptied(log),
      kept.map(({ id }) => id),
    );
  });

  it('counts what it holds, properties too, and nothing of what is gone', () => {
    const log = new MessageLog(1_024);
    const meta = { qos: 0, retain: false, duplicate: false } as const;
    const properties = [['name', 'x'.repeat(1_000)]] as const;
    const add = (id: number, more: object) => log.append(0, id, 0, new Uint8Array(10), 0, 10, 10, { ...meta, ...more });
    add(1, {});
    const plain = log.bytes;
    add(2, { properties });
    assert.ok(log.bytes - plain >= SLOT_BYTES + 2_000, 'two bytes a character');
    const before = log.bytes;
    for (let round = 0; round < 5_000; round++) log.remove(add(3, { properties }));
    assert.ok(log.bytes <= before + 1_024, 'slots, properties and all blocks but the one being filled are given back');
  });
});
