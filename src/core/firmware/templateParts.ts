// The parts of a template.json: slots, and files with their targets. Parsed at the edge, typed from here on.
import type { BoardKind } from './boardList';

const SLOT_KINDS = [
  'host',
  'port',
  'deviceId',
  'publishTopic',
  'topicFilter',
  'ssid',
  'wifiPassword',
  'text',
  'hexKey',
  'seconds',
  'version',
  'pin',
  'dhtSensor',
  'timeZone',
  'certificate',
  'privateKey',
  'publicKey',
] as const;
export type SlotKind = (typeof SLOT_KINDS)[number];

/** Which file of the certificates folder fills a slot. */
export type IdentityPart = 'ca' | 'device' | 'deviceKey';
/** What is made where it does not exist yet: see io/templateSecrets.ts. */
export type MadePart = 'random' | 'payloadKey' | 'updateKey';

/** True for a slot that the certificates folder fills. */
export function isIdentityPart(from: Slot['from']): from is IdentityPart {
  return from === 'ca' || from === 'device' || from === 'deviceKey';
}

export interface Slot {
  readonly name: string;
  readonly kind: SlotKind;
  readonly title: string;
  /** May name other slots: `devices/{{device}}/telemetry`. Without one the value must be given, unless `optional`. */
  readonly default?: string;
  readonly optional?: true;
  /** Never in `secure-iot.json`, and only in files marked secret. */
  readonly secret?: true;
  readonly from?: IdentityPart | MadePart;
}

export interface TemplateFile {
  /** Path inside the templates folder. */
  readonly source: string;
  /** Path inside the project; `{{project}}` is the project's name. */
  readonly target: string;
  /** Git-ignored and readable by its owner only. */
  readonly secret?: true;
  /** For boards of this chip only. */
  readonly chip?: BoardKind['chip'];
}

export function fail(id: string, what: string): never {
  throw new Error(`firmware-templates/${id}/template.json: ${what}`);
}

export function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

const PARTS: readonly unknown[] = ['ca', 'device', 'deviceKey', 'random', 'payloadKey', 'updateKey'];

function isPart(value: unknown): value is IdentityPart | MadePart {
  return PARTS.includes(value);
}

export function parseSlot(id: string, value: unknown): Slot {
  const slot = asObject(value);
  if (!slot) fail(id, 'a slot is not an object');
  const { name, kind, title } = slot;
  if (typeof name !== 'string' || !/^[a-z][A-Za-z0-9]*$/.test(name)) fail(id, `slot name ${String(name)}`);
  if (!SLOT_KINDS.includes(kind as SlotKind)) fail(id, `slot ${name} has the unknown kind ${String(kind)}`);
  if (typeof title !== 'string') fail(id, `slot ${name} has no title`);
  const from = slot['from'];
  if (from !== undefined && !isPart(from)) fail(id, `slot ${name}: from`);
  return {
    name,
    kind: kind as SlotKind,
    title,
    ...(typeof slot['default'] === 'string' ? { default: slot['default'] } : {}),
    ...(slot['optional'] === true ? { optional: true } : {}),
    ...(slot['secret'] === true ? { secret: true } : {}),
    ...(from ? { from } : {}),
  };
}

export function parseFile(id: string, value: unknown): TemplateFile {
  const { source, target, secret, chip } = asObject(value) ?? {};
  if (typeof source !== 'string' || typeof target !== 'string') fail(id, 'a file without source or target');
  if (chip !== undefined && chip !== 'esp32' && chip !== 'esp8266') fail(id, `${source}: chip`);
  return { source, target, ...(secret === true ? { secret: true as const } : {}), ...(chip ? { chip } : {}) };
}
