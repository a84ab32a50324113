// Makes a sketch project: template, identity and values in, a folder on disk and warnings out. Both doors use it.
import { basename, join, relative, resolve } from 'node:path';
import { UserError } from '../../core/errors';
import { type BoardKind, findBoardKind } from '../../core/firmware/boardList';
import { comparesIpAddresses, warnAboutBrokerName } from '../../core/firmware/brokerName';
import { checkDeviceCertificate, checkTrustAnchors } from '../../core/firmware/deviceCertificate';
import { planSketch, type SketchPlan } from '../../core/firmware/sketchPlan';
import { checkSlot } from '../../core/firmware/slotValues';
import type { Framework, Template } from '../../core/firmware/template';
import { type IdentityPart, isIdentityPart } from '../../core/firmware/templateParts';
import { readCertificates } from '../../core/x509/readCertificates';
import { type SecretFile, writeSecretFiles } from '../files/secretFiles';
import { type DeviceIdentity, readBrokerNames, readCa, readDeviceIdentity } from '../pki/identityFiles';
import { belongTogether } from '../pki/signatureCheck';
import { writeSketch } from './sketchWriter';
import { readTemplateSources } from './templateFolder';
import { planSecrets } from './templateSecrets';

export interface NewSketch {
  readonly templates: string;
  readonly template: Template;
  readonly framework: Framework;
  readonly board?: string | undefined;
  /** The project folder: must not exist, or be empty. */
  readonly out: string;
  readonly values: Readonly<Record<string, string>>;
  /** Paths in warnings are relative to it; the working folder where it is not given. */
  readonly root?: string | undefined;
  /** The certificates folder. Needed where the template embeds certificates. */
  readonly certificates?: string | undefined;
}

export interface PreparedSketch {
  readonly plan: SketchPlan;
  readonly warnings: readonly string[];
  /** Keys made for this project, to be written into the certificates folder. */
  readonly secrets: readonly SecretFile[];
}

function hostWarnings(template: Template, values: Readonly<Record<string, string>>): string[] {
  const warnings: string[] = [];
  const host = values['host'] ?? '';
  if (host === 'localhost' || host.startsWith('127.')) {
    warnings.push(`On a board "${host}" is the board itself. Use the broker's name or address in your network.`);
  }
  const plain = template.slots.some(({ name, default: port }) => name === 'port' && port === '1883');
  if (values['port'] === '1883' && !plain)
    warnings.push('Port 1883 is plain MQTT by custom; brokers speak TLS on 8883.');
  return warnings;
}

type Part = { readonly name: string; readonly from: IdentityPart };

/** The parts that were not given, from the certificates folder. */
async function readIdentity(
  { certificates, template }: NewSketch,
  missing: readonly Part[],
  device: string | undefined,
  nowMs: number,
): Promise<Partial<DeviceIdentity> & Pick<DeviceIdentity, 'warnings'>> {
  if (!certificates) {
    throw new UserError(
      'certificate-missing',
      `The template "${template.id}" needs certificates: give their folder (--certs).`,
    );
  }
  if (missing.every(({ from }) => from === 'ca')) return { ca: await readCa(certificates), warnings: [] };
  if (!device) throw new UserError('missing-slot', 'Device name is missing: give it as "device".');
  return readDeviceIdentity(certificates, device, nowMs);
}

/** Whatever they come from, files or the folder: the board can use them and they belong together. Returns warnings. */
function checkIdentity(
  parts: readonly Part[],
  given: Readonly<Record<string, string>>,
  board: BoardKind | undefined,
  nowMs: number,
): string[] {
  const text = (from: IdentityPart): string => given[parts.find((part) => part.from === from)?.name ?? ''] ?? '';
  const read = (from: IdentityPart) => (text(from) ? readCertificates(text(from)) : []);
  const [leaf] = read('device');
  if (text('device') && text('deviceKey') && !belongTogether(text('device'), text('deviceKey'))) {
    throw new UserError(
      'certificate-unusable',
      'The device key given does not belong to the device certificate given.',
    );
  }
  return [
    ...checkTrustAnchors(read('ca'), board, nowMs),
    ...(leaf ? checkDeviceCertificate(leaf, given['device'] ?? '', nowMs, board) : []),
  ];
}

/** Everything but the writing. Throws UserError for whatever the user can mend. */
export async function prepareSketch(request: NewSketch, nowMs: number): Promise<PreparedSketch> {
  const { template, certificates } = request;
  const given: Record<string, string> = { ...request.values };
  const secrets = await planSecrets(template.slots, given, certificates);
  Object.assign(given, secrets.values);
  const warnings = hostWarnings(template, given);
  const parts = template.slots.flatMap(({ name, from }) => (isIdentityPart(from) ? [{ name, from }] : []));
  const missing = parts.filter(({ name }) => !given[name]);
  if (missing.length > 0) {
    const identity = await readIdentity(request, missing, given['device'], nowMs);
    for (const { name, from } of missing) given[name] = identity[from] ?? '';
  }
  for (const slot of template.slots) if (isIdentityPart(slot.from)) checkSlot(slot, given[slot.name] ?? '');
  const board = findBoardKind(request.board ?? template.boards[0] ?? '');
  warnings.push(...checkIdentity(parts, given, board, nowMs));
  if (certificates && parts.length > 0) {
    const brokers = await readBrokerNames(certificates);
    const shown = brokers.map((b) => ({ ...b, file: relative(request.root ?? process.cwd(), b.file) || b.file }));
    const ownCa = missing.some(({ from }) => from === 'ca'); // another authority's broker is not the workspace's
    const warning = ownCa && warnAboutBrokerName(given['host'] ?? '', shown, comparesIpAddresses(board?.id ?? ''));
    if (warning) warnings.push(warning);
  }
  const device = given['device'];
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
        certificates && device && missing.length > 0
          ? { folder: relative(out, resolve(certificates)).replaceAll('\\', '/') || '.', device }
          : undefined,
    },
    (source) => {
      const text = sources.get(source);
      if (text === undefined) throw new Error(`no source ${source}`);
      return text;
    },
  );
  return { plan, warnings, secrets: secrets.files };
}

/** Writes what prepareSketch planned; returns the path of the file to open first. */
export async function writePrepared(request: NewSketch, { plan, secrets }: PreparedSketch): Promise<string> {
  const out = resolve(request.out);
  // First: a key without a project is found and used the next time; a project without its key is of no use to anybody.
  if (request.certificates) await writeSecretFiles(request.certificates, secrets);
  await writeSketch(out, plan.files);
  return join(out, ...plan.open.split('/'));
}
