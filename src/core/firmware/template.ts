// What a template.json says: slots, boards, files per framework. Parsed at the edge, typed from here on.

export const FRAMEWORKS = ['arduino', 'platformio', 'esp-idf'] as const;
export type Framework = (typeof FRAMEWORKS)[number];

export const SLOT_KINDS = [
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
  'pin',
  'dhtSensor',
  'certificate',
  'privateKey',
] as const;
export type SlotKind = (typeof SLOT_KINDS)[number];

/** Which file of the certificates folder fills a slot. */
export type IdentityPart = 'ca' | 'device' | 'deviceKey';

export interface Slot {
  readonly name: string;
  readonly kind: SlotKind;
  readonly title: string;
  /** May name other slots: `devices/{{device}}/telemetry`. Without one the value must be given, unless `optional`. */
  readonly default?: string;
  readonly optional?: true;
  /** Never in `secure-iot.json`, and only in files marked secret. */
  readonly secret?: true;
  readonly from?: IdentityPart;
}

export interface TemplateFile {
  /** Path inside the templates folder. */
  readonly source: string;
  /** Path inside the project; `{{project}}` is the project's name. */
  readonly target: string;
  /** Git-ignored and readable by its owner only. */
  readonly secret?: true;
}

export interface FrameworkFiles {
  /** The file to show first. */
  readonly open: string;
  readonly files: readonly TemplateFile[];
}

export interface Template {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Place in the list, the most general first. */
  readonly place: number;
  readonly boards: readonly string[];
  readonly slots: readonly Slot[];
  readonly frameworks: Readonly<Partial<Record<Framework, FrameworkFiles>>>;
}

function fail(id: string, what: string): never {
  throw new Error(`firmware-templates/${id}/template.json: ${what}`);
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function parseSlot(id: string, value: unknown): Slot {
  const slot = asObject(value);
  if (!slot) fail(id, 'a slot is not an object');
  const { name, kind, title } = slot;
  if (typeof name !== 'string' || !/^[a-z][A-Za-z0-9]*$/.test(name)) fail(id, `slot name ${String(name)}`);
  if (!SLOT_KINDS.includes(kind as SlotKind)) fail(id, `slot ${name} has the unknown kind ${String(kind)}`);
  if (typeof title !== 'string') fail(id, `slot ${name} has no title`);
  const from = slot['from'];
  if (from !== undefined && from !== 'ca' && from !== 'device' && from !== 'deviceKey') fail(id, `slot ${name}: from`);
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

function parseFiles(id: string, framework: string, value: unknown): FrameworkFiles {
  const entry = asObject(value);
  const open = entry?.['open'];
  const files = entry?.['files'];
  if (typeof open !== 'string' || !Array.isArray(files)) fail(id, `${framework} needs "open" and "files"`);
  return {
    open,
    files: files.map((file: unknown) => {
      const { source, target, secret } = asObject(file) ?? {};
      if (typeof source !== 'string' || typeof target !== 'string') fail(id, `${framework}: a file without paths`);
      return { source, target, ...(secret === true ? { secret: true as const } : {}) };
    }),
  };
}

/** Parses the JSON of one template. Throws a plain Error (a bug in the template) that names the file. */
export function parseTemplate(id: string, json: unknown): Template {
  const root = asObject(json);
  if (!root) fail(id, 'not an object');
  const { title, description, boards, slots } = root;
  if (typeof title !== 'string' || typeof description !== 'string') fail(id, 'title and description are needed');
  if (!Array.isArray(boards) || !Array.isArray(slots)) fail(id, 'boards and slots are needed');
  const frameworks = asObject(root['frameworks']) ?? {};
  for (const name of Object.keys(frameworks)) {
    if (!FRAMEWORKS.includes(name as Framework)) fail(id, `unknown framework ${name}`);
  }
  return {
    id,
    title,
    description,
    place: typeof root['place'] === 'number' ? root['place'] : 99,
    boards: boards.map(String),
    slots: slots.map((slot) => parseSlot(id, slot)),
    frameworks: Object.fromEntries(
      Object.entries(frameworks).map(([name, value]) => [name, parseFiles(id, name, value)]),
    ),
  };
}
