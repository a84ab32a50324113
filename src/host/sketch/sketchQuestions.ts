// What New Secure Sketch… asks, in order: template, target, device, broker, what else the template needs, folder.
import { existsSync, readdirSync } from 'node:fs';
import * as path from 'node:path';
import { findBoardKind, refusePin } from '../../core/firmware/boardList';
import { boardsOf, refuseProjectName } from '../../core/firmware/sketchPlan';
import { refuseSlotValue } from '../../core/firmware/slotValue';
import { FRAMEWORKS, type Framework, type Template } from '../../core/firmware/template';
import type { Slot } from '../../core/firmware/templateParts';
import type { Answers, Question } from './guidedFlow';
import { ask, askSlot, pick } from './prompts';
import { requireDevices } from './requireDevices';
import { askTimeZone } from './timeZonePrompt';

export interface QuestionSources {
  /** The workspace folder; the project's folder is asked for relative to it. */
  readonly root: string;
  /** The certificates folder, as it is shown. */
  readonly shownCertificates: string;
  readonly templates: readonly Template[];
  /** Proposed as the broker's host. */
  readonly host: string;
  /** Devices that have a certificate. */
  readonly devices: readonly string[];
}

const FRAMEWORK_TITLES = { arduino: 'Arduino sketch', platformio: 'PlatformIO project', 'esp-idf': 'ESP-IDF project' };
const FRAMEWORK_DETAILS = {
  arduino: 'For the Arduino IDE and arduino-cli',
  platformio: 'With platformio.ini',
  'esp-idf': 'For idf.py, ESP-IDF 5 and 6',
};

/** Ids: `template`, `framework`, `board`, `out`, and the slots' names. */
export function sketchQuestions(sources: QuestionSources, answers: Answers): Question[] {
  const { templates } = sources;
  const template = templates.find(({ id }) => id === answers.get('template'));
  const rows = templates.map((t) => ({ label: t.title, detail: t.description, value: t.id }));
  const first: Question = {
    id: 'template',
    ask: (step) => pick(step, 'template', rows, 'How the board gets to its broker'),
  };
  if (!template) return [first, ...LATER];
  const framework = FRAMEWORKS.find((name) => name === answers.get('framework'));
  return [
    first,
    frameworkQuestion(template),
    boardQuestion(template, framework),
    ...inOrder(template).flatMap((slot) => slotQuestion(sources, template, slot, answers) ?? []),
    folderQuestion(sources.root, answers.get('device')),
  ];
}

/** Stand for what is asked once the template is known, so that the first step does not say "1/1". */
const LATER: readonly Question[] = ['framework', 'board', 'device', 'host', 'port', 'timeZone', 'out'].map((id) => ({
  id,
  ask: () => Promise.reject(new Error(`${id} is asked after the template`)),
}));

/** The device first: without a certificate for one the rest is asked in vain. The time zone matters least. */
function inOrder({ slots }: Template): readonly Slot[] {
  const rank = ({ kind }: Slot): number => (kind === 'deviceId' ? 0 : kind === 'timeZone' ? 2 : 1);
  return [...slots].sort((a, b) => rank(a) - rank(b));
}

function isDevice({ kind }: Slot): boolean {
  return kind === 'deviceId';
}

function frameworkQuestion(template: Template): Question {
  const frameworks = FRAMEWORKS.filter((name) => template.frameworks[name]);
  const rows = frameworks.map((name) => ({
    label: FRAMEWORK_TITLES[name],
    detail: FRAMEWORK_DETAILS[name],
    value: name,
  }));
  return { id: 'framework', ask: (step) => pick(step, 'framework', rows) };
}

function boardQuestion(template: Template, framework: Framework | undefined): Question {
  const rows = boardsOf(template, framework ?? 'arduino').map(({ id, title, ...names }) => {
    const description = framework === 'platformio' ? names.platformio : framework === 'arduino' ? names.fqbn : '';
    return { label: title, description, value: id };
  });
  return { id: 'board', ask: (step) => pick(step, 'board', rows, 'The chip; the exact board can be changed later') };
}

/** Undefined where nothing is asked: read from the certificates folder, made, or good as it is. */
function slotQuestion(
  sources: QuestionSources,
  template: Template,
  slot: Slot,
  answers: Answers,
): Question | undefined {
  const { name: id, kind } = slot;
  if (slot.from) return undefined;
  if (isDevice(slot) && template.slots.some(({ from }) => from === 'device'))
    return { id, ask: (step) => pick(step, 'device', deviceRows(sources), 'Whose certificate goes into the sketch') };
  if (isDevice(slot)) return { id, ask: (step) => askSlot(step, slot, 'device-1') };
  if (kind === 'host')
    return { id, ask: (step) => askSlot(step, slot, sources.host, 'As boards in your network reach it') };
  if (kind === 'timeZone') return { id, ask: (step) => askTimeZone(step, slot) };
  if (kind === 'dhtSensor') {
    const rows = ['DHT11', 'DHT22', 'DHT20'].map((value) => ({ label: value, value }));
    return { id, ask: (step) => pick(step, 'sensor', rows) };
  }
  if (kind === 'pin' && answers.get('sensor') === 'DHT20') return undefined; // on I2C
  const needed = slot.default === undefined && !slot.optional;
  if (kind === 'pin') return pinQuestion(slot, answers.get('board'));
  if (needed || kind === 'port') return { id, ask: (step) => askSlot(step, slot, slot.default ?? '') };
  return undefined;
}

/** Checked for the board that was chosen, while it is typed. */
function pinQuestion({ name: id, title, kind, default: value = '' }: Slot, boardId = ''): Question {
  const board = findBoardKind(boardId);
  const refuse = (text: string): string | undefined =>
    refuseSlotValue(kind, text) ?? (board && refusePin(board, Number(text)));
  return { id, ask: (step) => ask(step, title, { value }, refuse) };
}

function deviceRows({ devices, shownCertificates }: QuestionSources) {
  return requireDevices(devices, shownCertificates).map((value) => ({ label: value, value }));
}

function folderQuestion(root: string, device = 'sketch'): Question {
  const base =
    device
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9_.-]+/g, '-')
      .replace(/^[-.]+|[-.]+$/g, '') || 'sketch';
  let name = base;
  for (let n = 2; existsSync(path.join(root, name)); n++) name = `${base}-${n}`;
  const options = { value: name, prompt: 'Relative to the workspace folder. It must not exist yet, or be empty.' };
  return { id: 'out', ask: (step) => ask(step, 'folder', options, (text) => refuseFolder(root, text)) };
}

/** As writeSketch will, but while it is typed. */
function refuseFolder(root: string, text: string): string | undefined {
  if (text === '') return 'A folder is needed.';
  const folder = path.resolve(root, text);
  const reason = refuseProjectName(path.basename(folder));
  if (reason) return `The folder cannot hold a sketch: ${reason}.`;
  try {
    return readdirSync(folder).length > 0 ? 'This folder is not empty. Choose a new one.' : undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOTDIR' ? 'This is a file. Choose a new folder.' : undefined;
  }
}
