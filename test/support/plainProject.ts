// A project of a template with plain values: what is in it, without writing anything.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { planSketch, type SketchPlan } from '../../src/core/firmware/sketchPlan';
import type { Framework, Template } from '../../src/core/firmware/template';
import { templatesFolder } from './templateChecks';

const PEM = (label: string): string => `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`;
const PLAIN_VALUES: Readonly<Record<string, string>> = {
  certificate: PEM('CERTIFICATE'),
  privateKey: PEM('PRIVATE KEY'),
  publicKey: PEM('PUBLIC KEY'),
  hexKey: 'ab'.repeat(32),
  deviceId: 'sensor-1',
  host: 'broker.test',
  text: 'someone',
  wifiPassword: 'long enough',
};

export function makePlainProject(template: Template, framework: Framework, board: string): SketchPlan {
  const open = template.slots.filter((slot) => slot.from || (slot.default === undefined && !slot.optional));
  const values = Object.fromEntries(open.map(({ name, kind }) => [name, PLAIN_VALUES[kind] ?? '']));
  const read = (source: string): string => readFileSync(join(templatesFolder, source), 'utf8');
  return planSketch({ template, framework, board, project: 'project', values }, read);
}
