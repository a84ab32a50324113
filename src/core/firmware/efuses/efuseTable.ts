// A chip's eFuses: blocks of 32-bit words behind registers, and named fields in them; reading a field out of the words.

export interface EfuseBlock {
  readonly name: string;
  /** Address of its first word, for READ_REG. */
  readonly register: number;
  readonly words: number;
}

export interface EfuseField {
  readonly name: string;
  readonly block: EfuseBlock;
  /** From the beginning of the block. */
  readonly bit: number;
  readonly width: number;
  /** Bits of WR_DIS of which one, once burnt, keeps the field as it is for ever. */
  readonly writeLocks: readonly number[];
  /** Bits of RD_DIS of which one, once burnt, hides it from software for ever. */
  readonly readLocks: readonly number[];
}

export interface EfuseTable {
  /** By name, in the order of blocks and bits. */
  readonly fields: ReadonlyMap<string, EfuseField>;
  readonly purposes: KeyPurposes;
}

/** What a key block is for, as espefuse names it, by KEY_PURPOSE. */
export type KeyPurposes = Readonly<Record<string, string>>;

/** Register address -> what READ_REG answered. */
export type EfuseWords = ReadonlyMap<number, number>;

/** As tables/*.json has it: [register, words] by block; [block, bit, width, write locks, read locks] by field. */
export interface EfuseTableFile {
  readonly blocks: Readonly<Record<string, readonly (string | number)[]>>;
  readonly purposes: KeyPurposes;
  readonly fields: Readonly<Record<string, readonly (number | readonly number[])[]>>;
}

export function efuseTableFrom({ blocks, purposes, fields }: EfuseTableFile): EfuseTable {
  const places = Object.entries(blocks).map(
    ([name, [register, words]]): EfuseBlock => ({ name, register: Number(register), words: Number(words) }),
  );
  const found = Object.entries(fields).flatMap(([name, [at, bit, width, writeLocks, readLocks]]) => {
    const block = places[Number(at)];
    const locks = { writeLocks: bits(writeLocks), readLocks: bits(readLocks) };
    return block ? [[name, { name, block, bit: Number(bit), width: Number(width), ...locks }] as const] : [];
  });
  return { fields: new Map(found), purposes };
}

const bits = (value: unknown): readonly number[] => (Array.isArray(value) ? value : []);

/** Every register that these fields stand in, once; names that the chip does not have are passed over. */
export function efuseRegisters(table: EfuseTable, names: Iterable<string> = table.fields.keys()): number[] {
  const registers = new Set<number>();
  for (const name of names) {
    const field = table.fields.get(name);
    if (!field) continue;
    const last = Math.floor((field.bit + field.width - 1) / 32);
    for (let word = Math.floor(field.bit / 32); word <= last; word++) registers.add(field.block.register + word * 4);
  }
  return [...registers];
}

/** The field's bits; words that were not read count as 0. */
export function efuseBits({ block, bit, width }: EfuseField, words: EfuseWords): bigint {
  let value = 0n;
  const first = Math.floor(bit / 32);
  for (let word = Math.floor((bit + width - 1) / 32); word >= first; word--)
    value = (value << 32n) | BigInt((words.get(block.register + word * 4) ?? 0) >>> 0);
  return (value >> BigInt(bit % 32)) & ((1n << BigInt(width)) - 1n);
}

/** A field of at most 32 bits, by name; undefined where the chip has none of that name. */
export type EfuseReader = (name: string) => number | undefined;

export function efuseReader(table: EfuseTable, words: EfuseWords): EfuseReader {
  return (name) => {
    const field = table.fields.get(name);
    return field && Number(efuseBits(field, words));
  };
}

/** A number whose upper bits have a field of their own, `NAME_HI` above `NAME_LO`, where it has not one field `NAME`. */
export function splitEfuse(table: EfuseTable, words: EfuseWords, name: string): number | undefined {
  const read = efuseReader(table, words);
  const low = table.fields.get(`${name}_LO`);
  if (!low) return read(name);
  return ((read(`${name}_HI`) ?? 0) << low.width) | (read(low.name) ?? 0);
}

/** Each step burns one more bit; an odd number of them means on. */
export function oddBits(value: number): boolean {
  let odd = false;
  for (let rest = value; rest !== 0; rest >>>= 1) odd = (rest & 1) === 1 ? !odd : odd;
  return odd;
}
