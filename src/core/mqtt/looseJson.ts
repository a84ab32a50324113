// Fields of JSON that another program wrote: read when they are of the wanted type, else passed over.

export type LooseObject = Readonly<Record<string, unknown>>;

export function isLooseObject(value: unknown): value is LooseObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(object: LooseObject, key: string): string {
  const value = object[key];
  return typeof value === 'string' ? value : '';
}

/** A whole number from `min` to `max`, also when it is written as a text. */
export function numberOf(object: LooseObject, key: string, min: number, max: number): number | undefined {
  const value = object[key];
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max ? number : undefined;
}

export function qosOf(object: LooseObject, key: string): 0 | 1 | 2 {
  return ([0, 1, 2] as const).find((qos) => qos === numberOf(object, key, 0, 2)) ?? 0;
}

export function listOf(object: LooseObject, key: string): readonly unknown[] {
  const value = object[key];
  return Array.isArray(value) ? value : [];
}
