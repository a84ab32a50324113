// What a .proto file declares: messages with their fields, and enums. Names are full, `telemetry.Reading.Unit`.

export interface ProtoField {
  readonly name: string;
  readonly number: number;
  /** A scalar type of protobuf (`uint32`, `string` …), or the full name of a message or an enum. */
  readonly type: string;
  readonly repeated: boolean;
  /** A map's fields are messages of `key` (1) and `value` (2). */
  readonly map?: { readonly key: string; readonly value: string };
}

export interface ProtoMessage {
  readonly name: string;
  readonly fields: ReadonlyMap<number, ProtoField>;
}

export interface ProtoSchema {
  readonly messages: ReadonlyMap<string, ProtoMessage>;
  /** Names of values by number. */
  readonly enums: ReadonlyMap<string, ReadonlyMap<number, string>>;
}

export const SCALARS: ReadonlySet<string> = new Set(
  'double float int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 sfixed32 sfixed64 bool string bytes'.split(' '),
);
