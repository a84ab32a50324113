import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newProfile } from '../../../src/core/mqtt/connectionProfile';
import { ProfileStore } from '../../../src/host/explorer/profileStore';

function stores(workspace = 'w') {
  const state = new Map<string, unknown>();
  const secrets = new Map<string, string>();
  const memento = {
    keys: () => [...state.keys()],
    get: <T>(key: string, otherwise?: T) => (state.get(key) as T | undefined) ?? otherwise,
    update: async (key: string, value: unknown) => void state.set(key, JSON.parse(JSON.stringify(value))),
  };
  const storage = {
    get: async (key: string) => secrets.get(key),
    store: async (key: string, value: string) => void secrets.set(key, value),
    delete: async (key: string) => void secrets.delete(key),
    keys: async () => [...secrets.keys()],
    onDidChange: () => ({ dispose: () => {} }),
  };
  return { state, secrets, store: new ProfileStore(memento as never, storage, workspace) };
}

const none = { password: null, passphrase: null };

test('a password is in the secret storage and nowhere else', async () => {
  const { state, store } = stores();
  await store.save(newProfile({ id: 'a' }), { ...none, password: 'correct horse' });
  assert.equal(await store.secret('a', 'password'), 'correct horse');
  assert.ok(!JSON.stringify([...state]).includes('correct horse'));
});

test('no password keeps the stored one, an empty one forgets it', async () => {
  const { store } = stores();
  await store.save(newProfile({ id: 'a' }), { ...none, password: 'x' });
  await store.save(newProfile({ id: 'a', name: 'renamed' }), none);
  assert.equal(await store.secret('a', 'password'), 'x');
  assert.deepEqual(
    store.all().map(({ name }) => name),
    ['renamed'],
  );
  await store.save(newProfile({ id: 'a' }), { ...none, password: '' });
  assert.equal(await store.secret('a', 'password'), undefined);
});

test('a deleted profile takes its secrets with it', async () => {
  const { store, secrets } = stores();
  await store.save(newProfile({ id: 'a' }), { password: 'x', passphrase: 'y' });
  await store.save(newProfile({ id: 'b' }), { ...none, password: 'z' });
  await store.remove('a');
  assert.deepEqual([store.all().length, secrets.size], [1, 1]);
});

test('a stored profile that does not parse is passed over', async () => {
  const { state, store } = stores();
  await store.save(newProfile({ id: 'a' }), none);
  state.set('explorer.profiles', [{ id: 'old', port: 'x' }, ...store.all()]);
  assert.deepEqual(
    store.all().map(({ id }) => id),
    ['a'],
  );
});
