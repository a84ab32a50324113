// A development board in software: USB adapter, reset circuit, chip with ROM, stub and flash, behind a TCP port.
import { Application } from './application';
import { downloadMessage } from './bootRom';
import type { Chip, NextProgram, Program } from './chip';
import { DEFAULT_MAC, parseMac } from './chipIdentity';
import type { ChipModel, ResetCause } from './chipModel';
import { chipModel } from './chipModels';
import { buildDemoBootloader, type FlashFile, PARTITION_TABLE_OFFSET } from './demoImage';
import type { Fault } from './faults';
import { FlashChip } from './flashChip';
import type { BurntFuses } from './fuses';
import { LineRelay, type RelayMode } from './lineRelay';
import { LineServer } from './lineServer';
import { buildPartitionTable, demoPartitions } from './partitions';
import { Registers } from './registers';
import { ResetCircuit } from './resetCircuit';
import { RomLoader } from './romLoader';
import { BOOT_BAUD_RATE, SerialLine } from './serialLine';
import { StubLoader } from './stubLoader';

export interface VirtualBoardOptions {
  /** TCP port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  readonly protocol?: 'rfc2217' | 'socket';
  /** As esptool names it: `ESP32-C3`. The ESP32 without it. */
  readonly chip?: string;
  readonly burnt?: BurntFuses;
  /** Keeps the flash between runs. */
  readonly flashFile?: string;
  readonly flashSize?: number;
  /** A fresh flash gets a bootloader and a partition table, as a board from a shop has. */
  readonly factory?: boolean;
  /** What is in flash before power comes. */
  readonly preload?: readonly FlashFile[];
  /** The built program of test/device; without it the stand-in runs. */
  readonly deviceClient?: string;
  readonly mac?: string;
  /** Bytes travel at the baud rate, or at this one, instead of at once. */
  readonly pacing?: boolean | number;
  readonly faults?: readonly Fault[];
  /** `plain` relays DTR and RTS one by one, as a simple RFC 2217 server does. */
  readonly relay?: RelayMode;
  /** The highest baud rate that the adapter behind an RFC 2217 server can do; it stays as it is when asked for more. */
  readonly highestBaudRate?: number;
  /** How long EN takes to rise. */
  readonly enDelayMs?: number;
  /** Someone holds the BOOT button when power comes. */
  readonly bootButton?: boolean;
}

export class VirtualBoard {
  readonly flash: FlashChip;
  readonly #registers: Registers;
  readonly #line: SerialLine;
  readonly #circuit: ResetCircuit;
  readonly #relay: LineRelay;
  readonly #server: LineServer;
  #program: Program | undefined;
  #generation = 0;
  readonly #model: ChipModel;
  #download = false;
  #address = '';
  #port = 0;
  #closed = false;

  private constructor(private readonly options: VirtualBoardOptions) {
    const model = chipModel(options.chip ?? 'ESP32');
    this.#model = model;
    this.flash = new FlashChip(options.flashSize, options.flashFile);
    if (options.factory && this.flash.isNew && model.imageId !== undefined) {
      this.flash.preload(model.bootloaderOffset, buildDemoBootloader(model));
      this.flash.preload(PARTITION_TABLE_OFFSET, buildPartitionTable(demoPartitions));
    }
    for (const file of options.preload ?? []) this.flash.preload(file.offset, file.data);
    const identity = { model, mac: parseMac(options.mac ?? DEFAULT_MAC), burnt: options.burnt ?? {} };
    this.#registers = new Registers(this.flash, identity, {
      baudRate: () => this.#line.chipBaudRate,
      strap: () => (this.#download ? model.straps.download : model.straps.run),
    });
    this.#line = new SerialLine(
      {
        toHost: (bytes) => this.#server.send(bytes),
        toBoard: (bytes) => this.#program?.receive(bytes),
        unplugged: (milliseconds) => void this.#faultUnplug(milliseconds),
        reset: () => this.#boot(this.#download, 'power'),
      },
      { pacing: options.pacing ?? false, faults: options.faults ?? [] },
    );
    this.#circuit = new ResetCircuit(options.enDelayMs ?? 3, {
      hold: () => this.#hold(),
      boot: (bootPinLow) => this.#boot(bootPinLow, 'power'),
    });
    this.#relay = new LineRelay(this.#circuit, options.relay ?? 'paired');
    this.#server = this.#makeServer();
  }

  static async start(options: VirtualBoardOptions): Promise<VirtualBoard> {
    const board = new VirtualBoard(options);
    board.#port = await board.#server.listen(options.port);
    board.#address = `${options.protocol ?? 'rfc2217'}://127.0.0.1:${board.#port}`;
    board.#boot(options.bootButton ?? false, 'power');
    return board;
  }

  /** `rfc2217://127.0.0.1:4000`. */
  get address(): string {
    return this.#address;
  }

  get port(): number {
    return this.#port;
  }

  /** Bytes that crossed the line in each direction since the start. */
  get passedBytes(): { readonly toBoard: number; readonly toHost: number } {
    return this.#line.passedBytes;
  }

  /** Presses the RST button; with `boot` the BOOT button is held. */
  reset(boot = false): void {
    this.#boot(boot, 'power');
  }

  /** Pulls the cable: power and connection are gone until `plug`. */
  async unplug(): Promise<void> {
    this.#hold();
    await this.#server.close();
  }

  async plug(): Promise<void> {
    await this.#server.listen(this.#port);
    this.#boot(this.options.bootButton ?? false, 'power');
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#hold();
    this.#circuit.close();
    await this.#server.close();
    this.flash.save();
  }

  #makeServer(): LineServer {
    const protocol = this.options.protocol ?? 'rfc2217';
    return new LineServer(
      {
        baudRate: () => this.#line.hostBaudRate ?? BOOT_BAUD_RATE,
        setBaudRate: (baudRate) => {
          if (baudRate <= (this.options.highestBaudRate ?? baudRate)) this.#line.hostBaudRate = baudRate;
        },
        lines: () => this.#circuit.lines,
        setLines: (change) => this.#relay.set(change),
        purge: (direction) => this.#line.purge(direction),
        fromHost: (bytes) => this.#line.fromHost(bytes),
        backlog: () => this.#line.backlog,
        opened: () => {
          if (protocol === 'rfc2217') this.#line.hostBaudRate = BOOT_BAUD_RATE;
        },
        closed: () => {
          this.#line.purge('toHost');
          if (protocol === 'rfc2217' && !this.#closed) this.#relay.release();
        },
      },
      protocol,
    );
  }

  async #faultUnplug(milliseconds: number | undefined): Promise<void> {
    await this.unplug();
    if (milliseconds === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    if (!this.#closed) await this.plug();
  }

  #hold(): void {
    this.#generation++;
    this.#program?.stop();
    this.#program = undefined;
  }

  #boot(bootPinLow: boolean, cause: ResetCause): void {
    this.#hold();
    if (this.#closed) return;
    this.#registers.reset();
    this.#line.chipBaudRate = BOOT_BAUD_RATE;
    this.#line.autobaud = bootPinLow;
    this.#download = bootPinLow;
    const chip = this.#makeChip();
    if (bootPinLow) {
      chip.send(new TextEncoder().encode(downloadMessage(this.#model, cause)));
      this.#program = new RomLoader(chip);
    } else this.#program = new Application(chip, cause, this.options.deviceClient);
  }

  #start(next: NextProgram): void {
    if (next.kind === 'softReset') this.#boot(this.#download, 'software');
    else if (next.kind === 'watchdogReset') this.#boot(false, 'watchdog');
    else if (next.kind === 'application') this.#boot(false, 'software');
    else {
      this.#hold();
      this.#program = new StubLoader(this.#makeChip());
    }
  }

  /** A program that was stopped can no longer move anything. */
  #makeChip(): Chip {
    const generation = this.#generation;
    const alive = () => generation === this.#generation;
    return {
      model: this.#model,
      burnt: this.options.burnt ?? {},
      flash: this.flash,
      registers: this.#registers,
      send: (bytes) => {
        if (alive()) this.#line.fromBoard(bytes);
      },
      baudRate: () => this.#line.chipBaudRate,
      setBaudRate: (baudRate) => {
        if (alive()) this.#line.chipBaudRate = baudRate;
      },
      adoptHostBaudRate: () => {
        if (!alive() || !this.#line.autobaud) return;
        this.#line.autobaud = false;
        this.#line.chipBaudRate = this.#line.hostBaudRate ?? BOOT_BAUD_RATE;
      },
      start: (next) => {
        if (alive()) this.#start(next);
      },
    };
  }
}
