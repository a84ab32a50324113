import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancelledError, UserError } from '../../src/core/errors';
import { integer, type Parsed, ParseError, text, union } from '../../src/core/parse';
import { RemoteError, Rpc } from '../../src/protocol/rpc';

const question = union({ add: { a: integer(0, 99), b: integer(0, 99) }, fail: { how: text(20) }, hang: {} });
interface Asker {
  request: Parsed<typeof question>;
  results: { add: number; fail: null; hang: null };
  event: never;
}
interface Answerer {
  request: never;
  results: Record<never, never>;
  event: { type: 'news'; text: string };
}

function pair() {
  const bugs: unknown[] = [];
  const news: string[] = [];
  const onBug = (error: unknown): void => void bugs.push(error);
  const nothing = (): never => {
    throw new ParseError('nothing is expected here');
  };
  const asker: Rpc<Asker, Answerer> = new Rpc<Asker, Answerer>({
    post: (message) => queueMicrotask(() => answerer.receive(structuredClone(message))),
    parseRequest: nothing,
    parseEvent: (value) => value as Answerer['event'],
    handlers: {},
    onEvent: (event) => void news.push(event.text),
    onBug,
  });
  const answerer: Rpc<Answerer, Asker> = new Rpc<Answerer, Asker>({
    post: (message) => queueMicrotask(() => asker.receive(structuredClone(message))),
    parseRequest: (value) => question(value, 'request'),
    parseEvent: nothing,
    handlers: {
      add: ({ a, b }) => a + b,
      fail: ({ how }) => {
        if (how === 'user')
          throw new UserError('no-broker', 'No broker there. Start one.', { title: 'Start', command: 'start' });
        if (how === 'cancel') throw new CancelledError();
        throw new Error('secret detail');
      },
      hang: () => new Promise<null>(() => {}),
    },
    onEvent: () => {},
    onBug,
  });
  return { asker, answerer, bugs, news };
}

const rejection = async (promise: Promise<unknown>): Promise<RemoteError> => {
  const error = await promise.then(
    () => assert.fail('it resolved'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RemoteError);
  return error;
};

test('a request gets its result', async () => {
  const { asker } = pair();
  assert.deepEqual(
    await Promise.all([asker.request({ type: 'add', a: 1, b: 2 }), asker.request({ type: 'add', a: 3, b: 4 })]),
    [3, 7],
  );
});

test('a UserError crosses with its words and its action', async () => {
  const { asker, bugs } = pair();
  const { wire } = await rejection(asker.request({ type: 'fail', how: 'user' }));
  assert.deepEqual(wire, {
    code: 'no-broker',
    message: 'No broker there. Start one.',
    action: { title: 'Start', command: 'start' },
  });
  assert.equal(bugs.length, 0);
});

test('cancelling crosses as such and is no bug', async () => {
  const { asker, bugs } = pair();
  assert.equal((await rejection(asker.request({ type: 'fail', how: 'cancel' }))).wire.code, 'cancelled');
  assert.equal(bugs.length, 0);
});

test('an unexpected error stays on its side and is reported there', async () => {
  const { asker, bugs } = pair();
  const { wire } = await rejection(asker.request({ type: 'fail', how: 'bug' }));
  assert.equal(wire.code, 'bug');
  assert.ok(!wire.message.includes('secret detail'));
  assert.equal(bugs.length, 1);
});

test('a request that does not parse is refused and never reaches a handler', async () => {
  const { asker, bugs } = pair();
  const bad = { type: 'add', a: -1, b: 2 } as const;
  assert.equal((await rejection(asker.request(bad))).wire.code, 'bug');
  assert.match(String(bugs[0]), /request\.a: expected a whole number from 0 to 99/);
});

test('dispose rejects what is pending and what comes later', async () => {
  const { asker } = pair();
  const pending = rejection(asker.request({ type: 'hang' }));
  asker.dispose();
  assert.equal((await pending).wire.code, 'closed');
  assert.equal((await rejection(asker.request({ type: 'hang' }))).wire.code, 'closed');
});

test('events arrive', async () => {
  const { answerer, news } = pair();
  answerer.tell({ type: 'news', text: 'hello' });
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(news, ['hello']);
});

test('messages without an envelope and replies to no request are reported, not thrown', () => {
  const { asker, bugs } = pair();
  for (const odd of [undefined, null, 7, 'x', {}, { kind: 'reply' }, { kind: 'reply', id: 9, ok: true }])
    asker.receive(odd);
  assert.equal(bugs.length, 7);
});

test('a reply made by hand with a broken error still rejects', async () => {
  const { asker } = pair();
  const pending = rejection(asker.request({ type: 'hang' }));
  asker.receive({ kind: 'reply', id: 1, ok: false, error: 5 });
  assert.equal((await pending).wire.code, 'bug');
});
