// `secure-iot new`: a firmware project from a template.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../core/errors';
import { FRAMEWORKS, type Framework, type Template } from '../core/firmware/template';
import type { Slot } from '../core/firmware/templateParts';
import { type NewSketch, prepareSketch, writePrepared } from '../io/sketch/sketchProject';
import { findTemplateFolder, loadTemplates, pickTemplate } from '../io/sketch/templateFolder';
import { CliUsageError, parseOptions } from './arguments';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    list: { type: 'boolean' },
    json: { type: 'boolean' },
    out: { type: 'string' },
    set: { type: 'string', multiple: true },
    'set-env': { type: 'string', multiple: true },
    'set-file': { type: 'string', multiple: true },
    certs: { type: 'string' },
    framework: { type: 'string' },
    board: { type: 'string' },
    preview: { type: 'boolean' },
  });
  const folder = findTemplateFolder();
  const templates = await loadTemplates(folder);
  if (values.list) {
    process.stdout.write(values.json ? `${JSON.stringify(templates.map(summary), null, 2)}\n` : listing(templates));
    return 0;
  }
  const [id, ...rest] = positionals;
  if (!id) throw new CliUsageError('which template? "secure-iot new --list" names them');
  if (rest.length > 0) throw new CliUsageError(`unexpected "${rest.join(' ')}"`);
  if (!values.out) throw new CliUsageError('--out DIR is needed');
  const template = pickTemplate(templates, id);
  const request: NewSketch = {
    templates: folder,
    template,
    framework: chooseFramework(values.framework, template),
    board: values.board,
    out: values.out,
    values: {
      ...pairs(values.set ?? []),
      ...fromEnvironment(values['set-env'] ?? []),
      ...(await fromFiles(values['set-file'] ?? [])),
    },
    certificates: values.certs ?? join(process.cwd(), 'certs'),
  };
  const prepared = await prepareSketch(request, Date.now());
  const { plan, warnings } = prepared;
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  if (values.preview) {
    for (const { path, text, secret } of plan.files) {
      process.stdout.write(`${path}  ${Buffer.byteLength(text)} bytes${secret ? '  (secret)' : ''}\n`);
    }
  } else process.stdout.write(`${await writePrepared(request, prepared)}\n`);
  return 0;
}

function chooseFramework(wanted: string | undefined, template: Template): Framework {
  if (wanted === undefined) return FRAMEWORKS.find((name) => template.frameworks[name]) ?? 'arduino';
  const found = FRAMEWORKS.find((name) => name === wanted);
  if (!found) throw new CliUsageError(`--framework is one of ${FRAMEWORKS.join(', ')}`);
  return found;
}

function pairs(settings: readonly string[]): Record<string, string> {
  const entries = settings.map((setting) => {
    const at = setting.indexOf('=');
    if (at <= 0) throw new CliUsageError(`"${setting}" is not NAME=VALUE`);
    return [setting.slice(0, at), setting.slice(at + 1)] as const;
  });
  return Object.fromEntries(entries);
}

function fromEnvironment(settings: readonly string[]): Record<string, string> {
  const entries = Object.entries(pairs(settings)).map(([name, variable]) => {
    const value = process.env[variable];
    if (value === undefined) throw new UserError('missing-slot', `The environment variable ${variable} is not set.`);
    return [name, value] as const;
  });
  return Object.fromEntries(entries);
}

async function fromFiles(settings: readonly string[]): Promise<Record<string, string>> {
  const entries = Object.entries(pairs(settings)).map(async ([name, file]) => {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new UserError('file-unreadable', `${file} cannot be read (${error.code}). Check the path.`);
    });
    return [name, text] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

function summary(template: Template): object {
  const { id, title, description, boards, slots } = template;
  const values = slots.filter(isAsked);
  return { id, title, description, boards, frameworks: Object.keys(template.frameworks), values };
}

function listing(templates: readonly Template[]): string {
  const blocks = templates.map((template) => {
    const values = template.slots.filter(isAsked).map((slot) => {
      const more = slot.default
        ? ` (default ${slot.default})`
        : slot.optional
          ? ' (optional)'
          : slot.from
            ? ' (made at random)'
            : '';
      return `    ${slot.name.padEnd(18)}${slot.title}${more}`;
    });
    return [
      `${template.id}: ${template.title}`,
      `  ${template.description}`,
      `  boards: ${template.boards.join(', ')}; frameworks: ${Object.keys(template.frameworks).join(', ')}`,
      ...values,
    ].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}

/** A value that is made or read is not listed; one made at random can be given. */
function isAsked({ from }: Slot): boolean {
  return from === undefined || from === 'random';
}
