// Parsers for what crosses the wall: a message's type is derived from its parser, so the two cannot differ.

export class ParseError extends Error {
  override readonly name = 'ParseError';
}

/** Returns `value` with its type proven, or throws a ParseError that names `path`. */
export type Parser<T> = (value: unknown, path: string) => T;
export type Parsed<P> = P extends Parser<infer T> ? T : never;

function refuse(path: string, expected: string): never {
  throw new ParseError(`${path}: expected ${expected}`);
}

/** A string of at most `maxLength` UTF-16 units. */
export function text(maxLength: number): Parser<string> {
  return (value, path) => {
    if (typeof value !== 'string') return refuse(path, 'a string');
    return value.length <= maxLength ? value : refuse(path, `at most ${maxLength} characters`);
  };
}

/** A whole number from `min` to `max`, both included. */
export function integer(min: number, max: number): Parser<number> {
  return (value, path) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
      ? value
      : refuse(path, `a whole number from ${min} to ${max}`);
}

export const flag: Parser<boolean> = (value, path) => (typeof value === 'boolean' ? value : refuse(path, 'a boolean'));

export function oneOf<const T extends readonly (string | number | null)[]>(...allowed: T): Parser<T[number]> {
  return (value, path) => {
    const found = allowed.find((candidate) => candidate === value);
    return found === undefined ? refuse(path, `one of ${allowed.join(', ')}`) : found;
  };
}

export function list<T>(item: Parser<T>, maxItems: number): Parser<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) return refuse(path, 'a list');
    if (value.length > maxItems) return refuse(path, `at most ${maxItems} items`);
    return value.map((entry, index) => item(entry, `${path}[${index}]`));
  };
}

export function nullable<T>(inner: Parser<T>): Parser<T | null> {
  return (value, path) => (value === null ? null : inner(value, path));
}

type Fields = Readonly<Record<string, Parser<unknown>>>;
type Shape<F extends Fields> = { readonly [K in keyof F]: Parsed<F[K]> };

/** An object with exactly these fields; others are left out of the result. */
export function object<F extends Fields>(fields: F): Parser<Shape<F>> {
  return (value, path) => {
    if (typeof value !== 'object' || value === null) return refuse(path, 'an object');
    const source = new Map(Object.entries(value));
    const entries = Object.entries(fields).map(([key, parser]) => [key, parser(source.get(key), `${path}.${key}`)]);
    return Object.fromEntries(entries) as Shape<F>; // the one place where the mapped type has to be asserted
  };
}

type Variants = Readonly<Record<string, Fields>>;
type Union<V extends Variants> = { [T in keyof V]: { readonly type: T } & Shape<V[T]> }[keyof V];

/** A union discriminated by `type`: the key of each variant is its `type`. */
export function union<V extends Variants>(variants: V): Parser<Union<V>> {
  const parsers = new Map(Object.entries(variants).map(([type, fields]) => [type, object(fields)]));
  return (value, path) => {
    const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
    const parser = typeof type === 'string' ? parsers.get(type) : undefined;
    if (!parser) return refuse(`${path}.type`, `one of ${[...parsers.keys()].join(', ')}`);
    return { type, ...parser(value, path) } as Union<V>;
  };
}
