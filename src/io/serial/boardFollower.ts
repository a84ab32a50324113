// A board that comes back under another name after a reset or in another socket: its USB serial number tells.
import type { PortInfo } from './boardPort';

/** A new device has its name before the system can tell its serial number. */
const SETTLE_MS = 3_000;

/** What the system says about its ports. */
export interface PortSource {
  /** Names of the serial devices, almost for free; undefined where only a full list tells. */
  names(): Promise<ReadonlySet<string> | undefined>;
  /** Costs a process on Linux. */
  list(): Promise<PortInfo[]>;
}

export class BoardFollower {
  #serialNumber: string | undefined;
  /** The ports that were there while ours was open: none of them is our board under a new name. */
  #before: ReadonlySet<string> = new Set();
  #names: ReadonlySet<string> | undefined;
  #lookUntilMs = 0;

  constructor(
    private readonly source: PortSource,
    private readonly now: () => number,
  ) {}

  /** Call while the port is open. */
  async learn(address: string): Promise<void> {
    const ports = await this.source.list();
    this.#serialNumber = ports.find((port) => port.address === address)?.serialNumber ?? this.#serialNumber;
    this.#before = new Set(ports.map((port) => port.address));
    this.#names = await this.source.names();
  }

  /** Where the board that was at `address` is now, as far as one knows. Cheap while no device comes or goes. */
  async locate(address: string): Promise<string> {
    if (this.#serialNumber === undefined || !(await this.#worthALook())) return address;
    const ports = await this.source.list();
    const ours = ports.filter((port) => port.serialNumber === this.#serialNumber);
    // cheap adapters all have the same number: a port that was there before is another board
    const moved = ours.filter((port) => !this.#before.has(port.address));
    if (ours.some((port) => port.address === address) || moved.length !== 1) return address;
    return moved[0]?.address ?? address;
  }

  async #worthALook(): Promise<boolean> {
    const names = await this.source.names();
    if (!names) return true;
    if (!same(names, this.#names)) this.#lookUntilMs = this.now() + SETTLE_MS;
    this.#names = names;
    return this.now() < this.#lookUntilMs;
  }
}

function same(a: ReadonlySet<string>, b: ReadonlySet<string> | undefined): boolean {
  return b !== undefined && a.size === b.size && [...a].every((name) => b.has(name));
}
