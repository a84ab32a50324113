// A project as a value: which files with which text. Nothing is written here, so it can be previewed and tested.
import { UserError } from '../errors';
import { type BoardKind, findBoardKind, refusePin } from './boardList';
import { completeValues } from './slotValues';
import type { Framework, Template } from './template';
import { chooseSections, expandIncludes, fillDefault, renderTemplateText } from './templateText';

export interface PlannedFile {
  /** Relative, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Git-ignored, owner only. */
  readonly secret: boolean;
}

export interface SketchPlan {
  /** `.gitignore` first, secret files last: the order they are written in. */
  readonly files: readonly PlannedFile[];
  /** The file to show first. */
  readonly open: string;
}

export interface SketchRequest {
  readonly template: Template;
  readonly framework: Framework;
  /** A board id; the template's first board where it is not given. */
  readonly board?: string | undefined;
  /** The project's name: the folder's and, for Arduino, the sketch's. */
  readonly project: string;
  readonly values: Readonly<Record<string, string>>;
  /** Where the identity came from, noted in `secure-iot.json`. */
  readonly certificates?: { readonly folder: string; readonly device: string } | undefined;
}

export const PROJECT_FILE = 'secure-iot.json';

/** Where a framework has its sources: `{{src}}` and `{{program}}` of a target. */
const LAYOUTS: Readonly<Record<Framework, { readonly folder: string; readonly program?: string }>> = {
  arduino: { folder: '' },
  platformio: { folder: 'src/', program: 'src/main.cpp' },
  'esp-idf': { folder: 'main/', program: 'main/main.c' },
};

/** arduino-cli's rule for a sketch's name, which is also its folder's (docs: "Sketch specification"). */
export function refuseProjectName(name: string): string | undefined {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$/.test(name) && !name.endsWith('.')
    ? undefined
    : 'its name must have letters, digits, "_", "-" and "." only, at most 63, and not start with "-" or "."';
}

/** The boards that a template can be made for with a framework: ESP-IDF has none of the ESP8266's. */
export function boardsOf(template: Template, framework: Framework): BoardKind[] {
  const boards = template.boards.flatMap((id) => findBoardKind(id) ?? []);
  return framework === 'esp-idf' ? boards.filter(({ idfTarget }) => idfTarget !== undefined) : boards;
}

function chooseBoard(template: Template, framework: Framework, id: string | undefined): BoardKind {
  const boards = boardsOf(template, framework);
  const wanted = id ?? boards[0]?.id;
  const board = boards.find((one) => one.id === wanted);
  if (board) return board;
  const known = boards.map((one) => one.id).join(', ');
  throw new UserError(
    'unknown-board',
    `The template "${template.id}" is not for the board "${wanted}" with ${framework}. It is for: ${known}.`,
  );
}

function checkPins({ slots }: Template, board: BoardKind, values: ReadonlyMap<string, string>): void {
  for (const { kind, name, title } of slots) {
    const reason = kind === 'pin' && refusePin(board, Number(values.get(name)));
    if (reason) throw new UserError('bad-slot-value', `${title} cannot be used: ${reason}.`);
  }
}

/** @param readSource gives the text of a file of the templates folder, by its path there. */
export function planSketch(request: SketchRequest, readSource: (source: string) => string): SketchPlan {
  const { template, framework, project } = request;
  const reason = refuseProjectName(project);
  if (reason) throw new UserError('bad-project-name', `The folder "${project}" cannot hold a sketch: ${reason}.`);
  const entry = template.frameworks[framework];
  if (!entry) {
    const known = Object.keys(template.frameworks).join(', ');
    throw new UserError(
      'unknown-framework',
      `The template "${template.id}" is not made for ${framework}. It is for: ${known}.`,
    );
  }
  const board = chooseBoard(template, framework, request.board);
  const values = completeValues(template, request.values);
  checkPins(template, board, values);
  const names = new Map([...values, ['project', project], ['template', template.id], ['title', template.title]]);
  names.set('board', board.id).set('boardTitle', board.title).set('fqbn', board.fqbn);
  names.set('platformioBoard', board.platformio).set('idfTarget', board.idfTarget ?? '');

  const layout = LAYOUTS[framework];
  names.set('src', layout.folder).set('program', layout.program ?? `${project}.ino`);
  const flags = new Set<string>([
    framework,
    template.id,
    board.chip,
    board.id,
    ...(board.nativeUsb ? ['nativeUsb'] : []),
  ]);

  const files = entry.files
    .filter(({ chip }) => chip === undefined || chip === board.chip)
    .map((file) => {
      const path = fillDefault(file.target, names);
      if (path.split('/').some((part) => part === '..' || part === '')) throw new Error(`bad target: ${path}`);
      return {
        path,
        text: renderTemplateText(chooseSections(expandIncludes(readSource(file.source), readSource), flags), names),
        secret: file.secret === true,
      };
    });
  files.push({ path: PROJECT_FILE, text: projectFile(request, board, values), secret: false });
  const rank = (file: PlannedFile): number => (file.path === '.gitignore' ? 0 : file.secret ? 2 : 1);
  return { files: files.sort((a, b) => rank(a) - rank(b)), open: fillDefault(entry.open, names) };
}

/** What Diagnose and later runs need to know about the project. Public values only. */
function projectFile(request: SketchRequest, board: BoardKind, values: ReadonlyMap<string, string>): string {
  const { template, framework, certificates } = request;
  const open = template.slots.filter((slot) => !slot.secret && !slot.from);
  const record = {
    template: template.id,
    board: board.id,
    framework,
    values: Object.fromEntries(open.map(({ name }) => [name, values.get(name) ?? ''])),
    ...(certificates ? { certificates } : {}),
  };
  return `${JSON.stringify(record, null, 2)}\n`;
}
