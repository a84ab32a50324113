// Makes a sketch project: template, identity and values in, a folder on disk and warnings out. Both doors use it.
import { basename, join, relative, resolve } from 'node:path';
import { UserError } from '../core/errors';
import { comparesIpAddresses, warnAboutBrokerName } from '../core/firmware/brokerName';
import { planSketch, type SketchPlan } from '../core/firmware/sketchPlan';
import type { Framework, Template } from '../core/firmware/template';
import { readBrokerNames, readCa, readDeviceIdentity } from './identityFiles';
import { writeSketch } from './sketchWriter';
import { readTemplateSources } from './templateFolder';

export interface NewSketch {
  readonly templates: string;
  readonly template: Template;
  readonly framework: Framework;
  readonly board?: string | undefined;
  /** The project folder: must not exist, or be empty. */
  readonly out: string;
  readonly values: Readonly<Record<string, string>>;
  /** The certificates folder. Needed where the template embeds certificates. */
  readonly certificates?: string | undefined;
}

export interface PreparedSketch {
  readonly plan: SketchPlan;
  readonly warnings: readonly string[];
}

function hostWarnings(values: Readonly<Record<string, string>>): string[] {
  const warnings: string[] = [];
  const host = values['host'] ?? '';
  if (host === 'localhost' || host.startsWith('127.')) {
    warnings.push(`On a board "${host}" is the board itself. Use the broker's name or address in your network.`);
  }
  if (values['port'] === '1883') warnings.push('Port 1883 is plain MQTT by custom; brokers speak TLS on 8883.');
  return warnings;
}

/** Everything but the writing. Throws UserError for whatever the user can mend. */
export async function prepareSketch(request: NewSketch, nowMs: number): Promise<PreparedSketch> {
  const { template, certificates } = request;
  const parts = template.slots.flatMap((slot) => (slot.from ? [{ name: slot.name, from: slot.from }] : []));
  const given: Record<string, string> = { ...request.values };
  for (const { name } of parts) {
    if (name in given) throw new UserError('unknown-slot', `"${name}" is taken from the certificates folder.`);
  }
  const warnings = hostWarnings(given);
  const device = given['device'];
  if (parts.length > 0) {
    if (!certificates) {
      throw new UserError('certificate-missing', 'This template needs certificates: give their folder (--certs).');
    }
    const own = parts.some((part) => part.from !== 'ca');
    if (own && !device) throw new UserError('missing-slot', 'Device name is missing: give it as "device".');
    const identity =
      own && device
        ? await readDeviceIdentity(certificates, device, nowMs)
        : { ca: await readCa(certificates), warnings: [] };
    warnings.push(...identity.warnings);
    for (const { name, from } of parts) given[name] = identity[from] ?? '';
    const board = request.board ?? template.boards[0] ?? '';
    const brokers = await readBrokerNames(certificates);
    const shown = brokers.map((b) => ({ ...b, file: relative(process.cwd(), b.file) || b.file }));
    const warning = warnAboutBrokerName(given['host'] ?? '', shown, comparesIpAddresses(board));
    if (warning) warnings.push(warning);
  }
  const sources = await readTemplateSources(request.templates, template);
  const out = resolve(request.out);
  const plan = planSketch(
    {
      template,
      framework: request.framework,
      board: request.board,
      project: basename(out),
      values: given,
      certificates:
        certificates && device && parts.length > 0
          ? { folder: relative(out, resolve(certificates)).replaceAll('\\', '/') || '.', device }
          : undefined,
    },
    (source) => {
      const text = sources.get(source);
      if (text === undefined) throw new Error(`no source ${source}`);
      return text;
    },
  );
  return { plan, warnings };
}

/** Makes the project. Returns the path of the file to open first, and warnings for the user. */
export async function makeSketch(
  request: NewSketch,
  nowMs: number,
): Promise<{ readonly open: string; readonly warnings: readonly string[] }> {
  const { plan, warnings } = await prepareSketch(request, nowMs);
  const out = resolve(request.out);
  await writeSketch(out, plan.files);
  return { open: join(out, ...plan.open.split('/')), warnings };
}
