// Protobuf's wire format (protobuf.dev, "Encoding"): fields of a message, one after the other. Bounded, never recursive.

export type WireValue =
  | { readonly kind: 'varint'; readonly value: bigint }
  | { readonly kind: 'fixed64'; readonly bytes: Uint8Array }
  | { readonly kind: 'fixed32'; readonly bytes: Uint8Array }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

export interface WireField {
  readonly number: number;
  readonly value: WireValue;
}

/** The first `maxFields` fields of a message, or undefined when `bytes` are none. Groups (wire types 3 and 4) are not read. */
export function wireFields(bytes: Uint8Array, maxFields: number): WireField[] | undefined {
  const fields: WireField[] = [];
  let at = 0;
  const varint = (): bigint | undefined => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined) return undefined;
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    return undefined;
  };
  const take = (size: number): Uint8Array | undefined => {
    if (at + size > bytes.length) return undefined;
    at += size;
    return bytes.subarray(at - size, at);
  };
  const readValue = (type: number): WireValue | undefined => {
    if (type === 0) {
      const value = varint();
      return value === undefined ? undefined : { kind: 'varint', value };
    }
    const size = type === 1 ? 8 : type === 5 ? 4 : type === 2 ? Number(varint() ?? -1n) : -1;
    const part = size < 0 ? undefined : take(size);
    return part && { kind: type === 1 ? 'fixed64' : type === 5 ? 'fixed32' : 'bytes', bytes: part };
  };
  while (at < bytes.length && fields.length < maxFields) {
    const tag = varint();
    if (tag === undefined || tag > 0xffff_ffffn || tag < 8n) return undefined;
    const value = readValue(Number(tag & 7n));
    if (!value) return undefined;
    fields.push({ number: Number(tag >> 3n), value });
  }
  return fields;
}

export interface Packed<T> {
  readonly values: readonly T[];
  /** Bytes behind the last value that was read. */
  readonly rest: number;
}

/** The first `most` varints of a packed field, or undefined. */
export function packedVarints(bytes: Uint8Array, most: number): Packed<bigint> | undefined {
  const values: bigint[] = [];
  let value = 0n;
  let shift = 0n;
  let at = 0;
  while (at < bytes.length && values.length < most) {
    const byte = bytes[at] as number;
    at += 1;
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (shift > 70n) return undefined;
    if (byte >= 0x80) continue;
    values.push(BigInt.asUintN(64, value));
    value = 0n;
    shift = 0n;
  }
  return shift === 0n ? { values, rest: bytes.length - at } : undefined;
}
