// Every eFuse field of a chip with its value, for the summary. Keys are never among the values.
import { efuseMeaning } from './efuseMeanings';
import {
  type EfuseField,
  type EfuseReader,
  type EfuseTable,
  type EfuseWords,
  efuseBits,
  efuseReader,
} from './efuseTable';
import { KEY_BLOCKS, keyPurpose, keyPurposeName } from './keyPurposes';

export interface EfuseRow {
  readonly name: string;
  readonly block: string;
  /** From the beginning of the block. */
  readonly bit: number;
  readonly width: number;
  /** The bits in hex, as espefuse writes them; undefined for a key, and for what the chip hides from software. */
  readonly raw: string | undefined;
  /** The same as one reads it: a MAC, a key's purpose, `burnt` for a key that can be read. */
  readonly value: string;
  /** Some bit is burnt. */
  readonly burnt: boolean;
  /** False: hidden from software for ever. What it holds reads as 0. */
  readonly readable: boolean;
  /** False: it stays as it is for ever. */
  readonly writable: boolean;
  /** What it means that it is burnt, where that concerns who holds the board. */
  readonly meaning: string | undefined;
}

/** In the order of blocks and bits. `words` holds every register of the table. */
export function efuseRows(table: EfuseTable, words: EfuseWords): EfuseRow[] {
  const read = efuseReader(table, words);
  const purposeOf = (block: number) => {
    const purpose = keyPurpose(read, block);
    return purpose === undefined ? undefined : keyPurposeName(table.purposes, purpose);
  };
  const fields = [...table.fields.values()].filter((field) => isInUse(field, read));
  return fields.map((field) => row(field, efuseBits(field, words), read, purposeOf));
}

type PurposeOf = (block: number) => string | undefined;

function row(field: EfuseField, bits: bigint, read: EfuseReader, purposeOf: PurposeOf): EfuseRow {
  const { name, block, bit, width } = field;
  const burnt = bits !== 0n;
  const readable = !locked(read('RD_DIS'), field.readLocks);
  const raw = readable && !(burnt && isSecret(name, purposeOf)) ? hexOf(name, bits, width) : undefined;
  const hidden = readable ? 'burnt, not shown' : 'hidden from software';
  return {
    name,
    block: block.name,
    bit,
    width,
    raw,
    value: raw === undefined ? hidden : valueText(name, raw, bits, purposeOf),
    burnt,
    readable,
    writable: !locked(read('WR_DIS'), field.writeLocks),
    meaning: burnt ? efuseMeaning(name, Number(bits)) : undefined,
  };
}

/** On the ESP32 these are in block 3 only if another field says so; else its bits are something else's. */
function isInUse({ name }: EfuseField, read: EfuseReader): boolean {
  if (/^ADC[12]_TP_/.test(name)) return read('BLK3_PART_RESERVE') === 1;
  if (/^CUSTOM_MAC/.test(name)) return (read('MAC_VERSION') ?? 1) === 1;
  return true;
}

/** Whole blocks are keys, or what the firmware's maker keeps there; the digest of a public key is no secret. */
function isSecret(name: string, purposeOf: PurposeOf): boolean {
  if (!name.startsWith('BLOCK') || name.endsWith('_VERSION')) return false;
  const block = KEY_BLOCKS.find((key) => name === `BLOCK_KEY${key}`);
  return block === undefined || !purposeOf(block)?.startsWith('SECURE_BOOT_DIGEST');
}

function locked(value: number | undefined, locks: readonly number[]): boolean {
  return locks.some((lock) => (((value ?? 0) >>> lock) & 1) === 1);
}

const isBytes = (name: string, width: number) => width > 32 || name === 'MAC_EXT';

/** Numbers with the highest digit first, bytes in the order in which they lie in the block. */
function hexOf(name: string, bits: bigint, width: number): string {
  const hex = bits.toString(16).padStart(Math.ceil(width / 4), '0');
  return `0x${isBytes(name, width) ? pairs(hex).reverse().join('') : hex}`;
}

function valueText(name: string, raw: string, bits: bigint, purposeOf: PurposeOf): string {
  if (name === 'MAC') return pairs(raw.slice(2)).reverse().join(':');
  if (name === 'CUSTOM_MAC') return pairs(raw.slice(2)).join(':');
  const key = /^KEY_PURPOSE_(\d)$/.exec(name)?.[1];
  const purpose = key === undefined ? undefined : purposeOf(Number(key));
  return purpose ?? (raw.length > 3 ? raw : bits.toString());
}

function pairs(hex: string): string[] {
  return hex.match(/../g) ?? [];
}
