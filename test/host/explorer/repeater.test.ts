import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Repeater } from '../../../src/host/explorer/repeater';
import type { Repetition } from '../../../src/protocol/explorerModel';
import { EventLog } from '../../support/eventLog';

test('it publishes until it is stopped', async () => {
  const states = new EventLog<Repetition>();
  const repeater = new Repeater(states.add);
  let published = 0;
  repeater.start(async () => void published++, 5);
  await states.until(({ sent }) => sent === 3);
  repeater.stop();
  const after = published;
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(published, after);
  assert.equal(repeater.state.running, false);
});

test('a slow broker is asked once at a time', async () => {
  const states = new EventLog<Repetition>();
  const repeater = new Repeater(states.add);
  let open = 0;
  let most = 0;
  const slow = async (): Promise<void> => {
    most = Math.max(most, ++open);
    await new Promise((resolve) => setTimeout(resolve, 15));
    open--;
  };
  repeater.start(slow, 1);
  await states.until(({ sent }) => sent === 3);
  repeater.stop();
  assert.equal(most, 1);
});

test('a failure ends it and is told', async () => {
  const states = new EventLog<Repetition>();
  const repeater = new Repeater(states.add);
  repeater.start(() => Promise.reject(new Error('Connect to a broker first.')), 5);
  const { problem, running } = await states.until((state) => state.problem !== undefined);
  assert.deepEqual([problem, running], ['Connect to a broker first.', false]);
});
