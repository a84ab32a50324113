// A `vscode` for plain node tests of src/host: commands, prompts and notifications answered by a scripted person,
// documents on the disk, settings, secrets. What a test needs that is not here fails loudly by name.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { URI as Uri, Utils } from 'vscode-uri';
import { settings as contributed } from '../../../src/contributions/settings';
import { type ContentProvider, Documents, type FakeUri } from './documents';
import { BACK, type NoticeKind, Person } from './person';
import * as values from './values';

const { CancellationTokenSource, Disposable, EventEmitter, enums } = values;

type Row = string | { readonly label: string; readonly description?: string; readonly kind?: number };

interface BoxOptions {
  readonly title?: string;
  readonly placeHolder?: string;
  readonly prompt?: string;
  readonly value?: string;
  readonly password?: boolean;
  readonly canPickMany?: boolean;
  validateInput?(text: string): unknown;
}

export class FakeVscode {
  person = new Person();
  readonly commands = new Map<string, (...args: any[]) => unknown>();
  /** Commands of VS Code itself that were run, with their arguments. */
  readonly ran: { readonly id: string; readonly args: readonly unknown[] }[] = [];
  readonly documents = new Documents();
  readonly shown: FakeUri[] = [];
  readonly log: string[] = [];
  readonly diagnostics = new Map<string, readonly any[]>();
  readonly trees = new Map<string, any>();
  /** Shows or hides a tree view, by its id. */
  readonly views = new Map<string, (visible: boolean) => void>();
  /** Custom editor providers, by view type. */
  readonly editors = new Map<string, any>();
  readonly secrets = new Map<string, string>();
  readonly state = new Map<string, unknown>();
  readonly terminals: any[] = [];
  readonly tasks: any[] = [];
  /** By task type. */
  readonly taskProviders = new Map<string, any>();
  private readonly terminalClosed = new EventEmitter<any>();
  /** Providers of hovers and links in documents. */
  readonly hovers: any[] = [];
  readonly links: any[] = [];
  /** The provider of links in terminals. */
  terminalLinks: any;
  readonly configurationChanged = new EventEmitter<{ affectsConfiguration(id: string): boolean }>();
  readonly statusBar: any[] = [];
  private readonly running: values.CancellationTokenSource[] = [];
  private settings = new Map<string, unknown>();
  private folders: { readonly uri: any; readonly name: string; readonly index: number }[] = [];

  /** Everything forgotten but registered commands; the workspace is `folder`, none without. */
  open(folder?: string, settings: Record<string, unknown> = {}): Person {
    this.person = new Person();
    this.settings = new Map(Object.entries(settings));
    this.documents.open.clear();
    this.diagnostics.clear();
    this.shown.length = 0;
    this.ran.length = 0;
    this.log.length = 0;
    if (folder) mkdirSync(folder, { recursive: true });
    this.folders = folder ? [{ uri: Uri.file(folder), name: folder.split('/').at(-1) ?? '', index: 0 }] : [];
    return this.person;
  }

  /** Closes every terminal, as the person would. */
  closeTerminals(): void {
    for (const terminal of this.terminals.splice(0)) this.terminalClosed.fire(terminal);
  }

  /** Presses Cancel on every progress notification. */
  cancelProgress(): void {
    for (const source of this.running.splice(0)) source.cancel();
  }

  /** An extension context whose secrets and state are this fake's. */
  context(storage = '/nonexistent'): any {
    const memento = {
      get: (key: string, fallback?: unknown) => this.state.get(key) ?? fallback,
      update: async (key: string, value: unknown) => void this.state.set(key, value),
      keys: () => [...this.state.keys()],
    };
    return {
      subscriptions: [],
      secrets: {
        get: async (key: string) => this.secrets.get(key),
        store: async (key: string, value: string) => void this.secrets.set(key, value),
        delete: async (key: string) => void this.secrets.delete(key),
        onDidChange: new EventEmitter().event,
      },
      workspaceState: memento,
      globalState: { ...memento, setKeysForSync: () => {} },
      extensionUri: Uri.file(join(__dirname, '../../..')),
      extensionPath: join(__dirname, '../../..'),
      globalStorageUri: Uri.file(storage),
      asAbsolutePath: (path: string) => join(__dirname, '../../..', path),
    };
  }

  /** The object that `import * as vscode from 'vscode'` gives. */
  module(): any {
    const notice =
      (kind: NoticeKind) =>
      async (message: string, ...rest: any[]) => {
        const options = typeof rest[0] === 'object' && !('title' in rest[0]) ? rest.shift() : undefined;
        const titles: string[] = rest.map((item) => (typeof item === 'string' ? item : item.title));
        const detail = options?.detail === undefined ? {} : { detail: options.detail };
        const pressed = this.person.onNotice({ kind, message, ...detail, buttons: titles });
        return pressed === undefined ? undefined : rest[titles.indexOf(pressed)];
      };
    const parts = {
      ...values,
      ...enums,
      Uri: Object.assign(Uri, { joinPath: Utils.joinPath }),
      window: {
        showInformationMessage: notice('information'),
        showWarningMessage: notice('warning'),
        showErrorMessage: notice('error'),
        showInputBox: (options: BoxOptions = {}) => this.inputBox(options),
        showQuickPick: (rows: any, options: BoxOptions = {}) => this.quickPick(rows, options),
        createQuickPick: () =>
          this.openBox((box) => this.quickPick(box.items, { ...box, placeHolder: box.placeholder })),
        createInputBox: () => this.openBox((box) => this.typeInto(box)),
        showOpenDialog: async ({ title = '' }: { title?: string } = {}) => this.dialog(title, (uri) => [uri]),
        showSaveDialog: async ({ title = '' }: { title?: string } = {}) => this.dialog(title, (uri) => uri),
        withProgress: async ({ title }: { title: string }, run: (progress: any, token: any) => unknown) => {
          this.person.progress.push(title);
          const report = ({ message, increment = 0 }: { message?: string; increment?: number }) => {
            if (message) this.person.progress.push(message);
            this.person.increments.push(increment);
          };
          const source = new CancellationTokenSource();
          this.running.push(source);
          return run({ report }, source.token);
        },
        showTextDocument: async (document: any) => {
          this.shown.push(document.uri ?? document);
          return { document, revealRange: () => {}, selection: undefined };
        },
        createOutputChannel: () => {
          const write = (level: string) => (text: string) => void this.log.push(`${level}: ${text}`);
          const levels = ['trace', 'debug', 'info', 'warn', 'error'].map((level) => [level, write(level)]);
          return { ...Object.fromEntries(levels), show: () => void this.log.push('shown'), dispose: () => {} };
        },
        createStatusBarItem: () => {
          const item = { text: '', tooltip: '', visible: false, show: () => {}, hide: () => {}, dispose: () => {} };
          item.show = () => Object.assign(item, { visible: true });
          item.hide = () => Object.assign(item, { visible: false });
          this.statusBar.push(item);
          return item;
        },
        createTreeView: (id: string, { treeDataProvider }: any) => {
          this.trees.set(id, treeDataProvider);
          const shown = new EventEmitter<{ visible: boolean }>();
          const view = {
            visible: false,
            dispose: () => {},
            reveal: async () => {},
            onDidChangeVisibility: shown.event,
          };
          this.views.set(id, (visible) => {
            view.visible = visible;
            shown.fire({ visible });
          });
          return view;
        },
        registerTreeDataProvider: (id: string, provider: unknown) => {
          this.trees.set(id, provider);
          return new Disposable(() => this.trees.delete(id));
        },
        createTerminal: (options: any) => {
          const terminal = { name: options.name, creationOptions: options, show: () => {}, dispose: () => {} };
          this.terminals.push(terminal);
          return terminal;
        },
        setStatusBarMessage: () => new Disposable(() => {}),
        registerTerminalLinkProvider: (provider: unknown) => {
          this.terminalLinks = provider;
          return new Disposable(() => {});
        },
        onDidCloseTerminal: this.terminalClosed.event,
        onDidChangeActiveTerminal: new EventEmitter().event,
        onDidChangeActiveTextEditor: new EventEmitter().event,
        activeTextEditor: undefined as unknown,
        activeTerminal: undefined as unknown,
        visibleTextEditors: [],
        registerCustomEditorProvider: (id: string, provider: unknown) => {
          this.editors.set(id, provider);
          return new Disposable(() => this.editors.delete(id));
        },
        tabGroups: { all: [], activeTabGroup: { activeTab: undefined }, close: async () => true },
      },
      commands: {
        registerCommand: (id: string, run: (...args: unknown[]) => unknown) => {
          this.commands.set(id, run);
          return new Disposable(() => this.commands.delete(id));
        },
        executeCommand: async (id: string, ...args: unknown[]) => {
          this.ran.push({ id, args });
          return this.commands.get(id)?.(...args);
        },
      },
      workspace: this.workspace(),
      languages: {
        createDiagnosticCollection: () => ({
          set: (uri: FakeUri, list: readonly unknown[] = []) => void this.diagnostics.set(uri.fsPath, list),
          delete: (uri: FakeUri) => void this.diagnostics.delete(uri.fsPath),
          clear: () => this.diagnostics.clear(),
          dispose: () => {},
        }),
        registerHoverProvider: (_selector: unknown, provider: unknown) => {
          this.hovers.push(provider);
          return new Disposable(() => {});
        },
        registerDocumentLinkProvider: (_selector: unknown, provider: unknown) => {
          this.links.push(provider);
          return new Disposable(() => {});
        },
        registerCodeActionsProvider: () => new Disposable(() => {}),
        registerCodeLensProvider: () => new Disposable(() => {}),
      },
      tasks: {
        executeTask: async (task: unknown) => void this.tasks.push(task),
        registerTaskProvider: (type: string, provider: unknown) => {
          this.taskProviders.set(type, provider);
          return new Disposable(() => {});
        },
      },
      env: {
        clipboard: { writeText: async (text: string) => void Object.assign(this.person, { clipboard: text }) },
        openExternal: async () => true,
      },
    };
    return strict(parts, 'vscode');
  }

  private workspace() {
    const fake = this;
    const uriOf = (path: string): FakeUri => Uri.file(path);
    const none = new EventEmitter<never>().event;
    return {
      get workspaceFolders() {
        return fake.folders.length > 0 ? fake.folders : undefined;
      },
      get textDocuments() {
        return [...fake.documents.open.values()];
      },
      isTrusted: true,
      getWorkspaceFolder: (uri: FakeUri) => fake.folders.find((folder) => uri.fsPath.startsWith(folder.uri.fsPath)),
      asRelativePath: (path: string | FakeUri) => {
        const full = typeof path === 'string' ? path : path.fsPath;
        return fake.folders[0] ? relative(fake.folders[0].uri.fsPath, full) : full;
      },
      getConfiguration: (section?: string) => {
        const idOf = (key: string) => (section ? `${section}.${key}` : key);
        return {
          get: (key: string, fallback?: unknown) =>
            fake.settings.get(idOf(key)) ??
            (contributed as Record<string, { readonly default: unknown }>)[idOf(key)]?.default ??
            fallback,
          update: async (key: string, value: unknown) => {
            fake.settings.set(idOf(key), value);
            fake.configurationChanged.fire({ affectsConfiguration: (id) => idOf(key).startsWith(id) });
          },
          inspect: (key: string) => ({ workspaceValue: fake.settings.get(idOf(key)) }),
        };
      },
      onDidChangeConfiguration: fake.configurationChanged.event,
      openTextDocument: (what: any) => fake.documents.get(what, uriOf),
      applyEdit: (edit: values.WorkspaceEdit) => fake.documents.apply(edit, uriOf),
      registerTextDocumentContentProvider: (scheme: string, provider: ContentProvider) => {
        fake.documents.providers.set(scheme, provider);
        return new Disposable(() => fake.documents.providers.delete(scheme));
      },
      findFiles: async (pattern: string | { pattern: string }) => {
        const glob = typeof pattern === 'string' ? pattern : pattern.pattern;
        const suffix = /\*(\.[\w{},.]+)$/.exec(glob)?.[1];
        if (!suffix) throw new Error(`the fake findFiles knows only patterns like **/*.ext, not ${glob}`);
        const endings = /\{/.test(suffix)
          ? (/\{(.*)\}/.exec(suffix)?.[1] ?? '').split(',').map((e) => `.${e}`)
          : [suffix];
        const [root] = fake.folders;
        const files = root ? await readdir(root.uri.fsPath, { recursive: true }) : [];
        return files
          .filter((file) => endings.some((ending) => file.endsWith(ending)))
          .map((file) => Uri.file(join(root?.uri.fsPath ?? '', file)));
      },
      createFileSystemWatcher: () => ({
        onDidCreate: none,
        onDidChange: none,
        onDidDelete: none,
        dispose: () => {},
      }),
      onDidOpenTextDocument: none,
      onDidCloseTextDocument: none,
      onDidChangeTextDocument: none,
      onDidSaveTextDocument: none,
      fs: {
        stat: async (uri: FakeUri) => ({ size: (await stat(uri.fsPath)).size }),
        readFile: (uri: FakeUri) => readFile(uri.fsPath),
        writeFile: (uri: FakeUri, bytes: Uint8Array) => writeFile(uri.fsPath, bytes),
      },
    };
  }

  /** A quick input that stays open until it is disposed of; `answer` is what the person does with it when it is shown. */
  private openBox(answer: (box: any) => Promise<unknown>): any {
    const [accepted, hidden, pressed, changed] = [1, 2, 3, 4].map(() => new EventEmitter<any>());
    const box: any = {
      ...{ title: '', items: [], activeItems: [], selectedItems: [], buttons: [], value: '' },
      ...{ onDidAccept: accepted?.event, onDidHide: hidden?.event, dispose: () => {} },
      ...{ onDidTriggerButton: pressed?.event, onDidChangeValue: changed?.event },
      changed,
      hide: () => hidden?.fire(undefined),
      show: async () => {
        const chosen = await answer(box).catch((error) => {
          hidden?.fire(undefined); // so that the command ends, and the test with this error
          throw error;
        });
        if (chosen === BACK) {
          assert.ok(box.buttons.includes(values.QuickInputButtons.Back), `"${box.title}" has no way back`);
          return pressed?.fire(values.QuickInputButtons.Back);
        }
        if (chosen === undefined) return hidden?.fire(undefined);
        box.selectedItems = [chosen];
        accepted?.fire(undefined);
      },
    };
    return box;
  }

  /** Types until the box has nothing to object to. */
  private async typeInto(box: any): Promise<unknown> {
    for (;;) {
      const { title, prompt, value, password } = box;
      const answer = this.person.onPrompt(clean({ title, prompt, value, password }));
      if (answer === undefined || answer === BACK) return answer;
      if (answer !== '') box.value = answer;
      box.validationMessage = undefined;
      box.changed.fire(box.value);
      if (!box.validationMessage) return box.value;
      this.person.notices.push({ kind: 'error', message: box.validationMessage, buttons: [] });
    }
  }

  private dialog<T>(title: string, wrap: (uri: FakeUri) => T): T | undefined {
    const path = this.person.onDialog(title);
    return path === undefined ? undefined : wrap(Uri.file(path));
  }

  private async inputBox(options: BoxOptions): Promise<string | undefined> {
    for (;;) {
      const { title = '', placeHolder, prompt, value = '', password } = options;
      const answer = this.person.onPrompt(clean({ title, placeHolder, prompt, value, password }));
      if (answer === undefined) return undefined;
      const text = answer === '' ? value : answer;
      const refused: any = await options.validateInput?.(text);
      if (!refused) return text;
      // VS Code shows what is wrong and stays open: the next answer of the person counts.
      this.person.notices.push({ kind: 'error', message: refused.message ?? refused, buttons: [] });
    }
  }

  private async quickPick(given: Row[] | PromiseLike<Row[]>, options: BoxOptions): Promise<unknown> {
    const rows = (await given).filter(
      (row) => typeof row === 'string' || row.kind !== enums.QuickPickItemKind.Separator,
    );
    const labels = rows.map((row) => (typeof row === 'string' ? row : `${row.label} ${row.description ?? ''}`.trim()));
    const { title = '', placeHolder, prompt } = options;
    const answer = this.person.onPrompt(clean({ title, placeHolder, prompt, rows: labels }));
    if (answer === undefined || answer === BACK) return answer;
    const index = labels.findIndex((label) => label.toLowerCase().includes(answer.toLowerCase()));
    if (index < 0) throw new Error(`no row of "${title}" has "${answer}": ${labels.join(' | ')}`);
    return options.canPickMany ? [rows[index]] : rows[index];
  }
}

function clean<T extends object>(value: T): any {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined));
}

/** Reading what the fake has not got is an error that names it, at every depth. */
function strict(part: any, name: string): any {
  return new Proxy(part, {
    get(target, key) {
      const value = target[key];
      if (typeof key === 'string' && !(key in target) && !['then', '__esModule', 'default'].includes(key))
        throw new Error(`the fake has no ${name}.${key}: add it to test/support/vscode`);
      const plain = typeof value === 'object' && value?.constructor === Object && typeof key === 'string';
      return plain && ['window', 'workspace', 'commands', 'languages', 'tasks', 'env'].includes(key)
        ? strict(value, `${name}.${key}`)
        : value;
    },
  });
}
