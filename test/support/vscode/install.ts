// Import this before anything of src/host: from then on `vscode` is the fake. One fake per test file (a process each).
import Module from 'node:module';
import { FakeVscode } from './fakeVscode';

export const fake = new FakeVscode();
const module_ = fake.module();
const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown };
const load = loader._load;
loader._load = function (request: string, ...rest: unknown[]) {
  return request === 'vscode' ? module_ : load.call(this, request, ...rest);
};
