// One owner per board address in this process: who wants a port asks its owner to give way, and hands it back after.
import { UserError } from '../../core/errors';
import { withDeadline } from '../network/deadline';

/** Longer than any port takes to close. */
const YIELD_MS = 8_000;

export interface PortOwner {
  /** As a person calls it: "the serial monitor". */
  readonly name: string;
  /** Closes the port; it comes back by `resume`. An owner without it does not give way. */
  readonly yield?: () => Promise<void>;
  readonly resume?: () => Promise<void>;
}

/** Gives the port up; the owner before gets it back. Calling it twice does nothing more. */
export type Release = () => Promise<void>;

export class PortOwnership {
  readonly #stacks = new Map<string, PortOwner[]>();
  readonly #listeners = new Set<() => void>();

  constructor(private readonly yieldMs = YIELD_MS) {}

  /** Rejects with UserError `port-busy` when the owner at work cannot give way. */
  async acquire(address: string, owner: PortOwner): Promise<Release> {
    const stack = this.#stacks.get(address) ?? [];
    this.#stacks.set(address, stack);
    const before = stack.at(-1);
    stack.push(owner); // at once: two acquirers must not both see the same owner
    try {
      if (before) await giveWay(address, before, this.yieldMs);
    } catch (error) {
      this.#remove(address, owner);
      throw error;
    }
    this.#changed();
    let released = false;
    return async () => {
      if (released) return;
      released = true;
      const wasLast = stack.at(-1) === owner;
      this.#remove(address, owner);
      this.#changed();
      if (wasLast) await stack.at(-1)?.resume?.();
    };
  }

  ownerOf(address: string): string | undefined {
    return this.#stacks.get(address)?.at(-1)?.name;
  }

  /** Called when an address gets another owner. Returns a function that stops listening. */
  onDidChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #remove(address: string, owner: PortOwner): void {
    const stack = this.#stacks.get(address);
    if (!stack) return;
    const at = stack.lastIndexOf(owner);
    if (at >= 0) stack.splice(at, 1);
    if (stack.length === 0) this.#stacks.delete(address);
  }
}

async function giveWay(address: string, owner: PortOwner, yieldMs: number): Promise<void> {
  const busy = () =>
    new UserError('port-busy', `${address} is in use by ${owner.name}. Wait until it is done, or stop it.`);
  if (!owner.yield) throw busy();
  const yielded = owner.yield();
  try {
    await withDeadline(yielded, yieldMs, busy);
  } catch (error) {
    // too late: nobody takes the port any more, and whoever gives it up after all is to go on
    yielded.then(() => owner.resume?.()).catch(() => {});
    throw error;
  }
}
