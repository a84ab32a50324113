// The value types of VS Code's API, as far as the host uses them.

export class Disposable {
  constructor(private readonly run: () => unknown) {}
  static from(...items: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const item of items) item.dispose();
    });
  }
  dispose(): void {
    this.run();
  }
}

export const QuickInputButtons = { Back: { tooltip: 'Back' } };

export class EventEmitter<T> {
  private listeners: ((value: T) => unknown)[] = [];
  readonly event = (listener: (value: T) => unknown, self?: unknown, into?: { dispose(): unknown }[]): Disposable => {
    const bound = self ? listener.bind(self) : listener;
    this.listeners.push(bound);
    const subscription = new Disposable(() => {
      this.listeners = this.listeners.filter((other) => other !== bound);
    });
    into?.push(subscription);
    return subscription;
  };
  fire(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }
  dispose(): void {
    this.listeners = [];
  }
}

export class CancellationTokenSource {
  private readonly emitter = new EventEmitter<void>();
  readonly token = { isCancellationRequested: false, onCancellationRequested: this.emitter.event };
  cancel(): void {
    this.token.isCancellationRequested = true;
    this.emitter.fire();
  }
  dispose(): void {
    this.emitter.dispose();
  }
}

export class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
  isBefore(other: Position): boolean {
    return this.line < other.line || (this.line === other.line && this.character < other.character);
  }
  isEqual(other: Position): boolean {
    return this.line === other.line && this.character === other.character;
  }
}

export class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(start: Position | number, end: Position | number, endLine?: number, endCharacter?: number) {
    if (typeof start === 'number') {
      this.start = new Position(start, Number(end));
      this.end = new Position(endLine ?? 0, endCharacter ?? 0);
    } else {
      this.start = start;
      this.end = end as Position;
    }
  }
  contains(position: Position): boolean {
    return !position.isBefore(this.start) && !this.end.isBefore(position);
  }
  intersection(other: Range): Range | undefined {
    const start = this.start.isBefore(other.start) ? other.start : this.start;
    const end = this.end.isBefore(other.end) ? this.end : other.end;
    return end.isBefore(start) ? undefined : new Range(start, end);
  }
}
export class Selection extends Range {}

export class ThemeColor {
  constructor(readonly id: string) {}
}
export class ThemeIcon {
  constructor(
    readonly id: string,
    readonly color?: ThemeColor,
  ) {}
}

export class MarkdownString {
  isTrusted?: unknown;
  supportThemeIcons?: boolean;
  constructor(
    public value = '',
    supportThemeIcons?: boolean,
  ) {
    if (supportThemeIcons !== undefined) this.supportThemeIcons = supportThemeIcons;
  }
  appendMarkdown(text: string): this {
    this.value += text;
    return this;
  }
  appendText(text: string): this {
    return this.appendMarkdown(text.replace(/[\\`*_{}[\]()#+\-!~]/g, '\\$&'));
  }
  appendCodeblock(text: string, language = ''): this {
    return this.appendMarkdown(`\n\`\`\`${language}\n${text}\n\`\`\`\n`);
  }
}

export class TreeItem {
  [property: string]: unknown;
  constructor(
    public label: unknown,
    public collapsibleState = 0,
  ) {}
}

export class Hover {
  constructor(
    readonly contents: unknown,
    readonly range?: Range,
  ) {}
}
export class Location {
  constructor(
    readonly uri: unknown,
    readonly range: unknown,
  ) {}
}
export class Diagnostic {
  [property: string]: unknown;
  constructor(
    readonly range: Range,
    readonly message: string,
    readonly severity = 0,
  ) {}
}
export class DocumentLink {
  [property: string]: unknown;
  constructor(
    readonly range: Range,
    readonly target?: unknown,
  ) {}
}
export class TerminalLink {
  [property: string]: unknown;
  constructor(
    readonly startIndex: number,
    readonly length: number,
    readonly tooltip?: string,
  ) {}
}
export class CodeLens {
  constructor(
    readonly range: Range,
    readonly command?: unknown,
  ) {}
}
export class CodeAction {
  [property: string]: unknown;
  constructor(
    readonly title: string,
    readonly kind?: unknown,
  ) {}
}
export class RelativePattern {
  constructor(
    readonly base: unknown,
    readonly pattern: string,
  ) {}
}

/** Records the edits; `workspace.applyEdit` of the fake carries them out on the files. */
export class WorkspaceEdit {
  readonly replacements: { readonly uri: { fsPath: string }; readonly range: Range; readonly text: string }[] = [];
  readonly created: { readonly uri: { fsPath: string }; readonly contents?: Uint8Array }[] = [];
  replace(uri: { fsPath: string }, range: Range, text: string): void {
    this.replacements.push({ uri, range, text });
  }
  insert(uri: { fsPath: string }, position: Position, text: string): void {
    this.replace(uri, new Range(position, position), text);
  }
  delete(uri: { fsPath: string }, range: Range): void {
    this.replace(uri, range, '');
  }
  createFile(uri: { fsPath: string }, options?: { contents?: Uint8Array }): void {
    this.created.push({ uri, ...(options?.contents ? { contents: options.contents } : {}) });
  }
}

export class ProcessExecution {
  constructor(
    readonly process: string,
    readonly args: readonly string[],
    readonly options?: unknown,
  ) {}
}
export class CustomExecution {
  constructor(readonly callback: (definition: unknown) => unknown) {}
}
export class Task {
  [property: string]: unknown;
  constructor(
    readonly definition: Record<string, unknown>,
    readonly scope: unknown,
    readonly name: string,
    readonly source: string,
    readonly execution?: unknown,
    readonly problemMatchers?: unknown,
  ) {}
}

export const enums = {
  ProgressLocation: { SourceControl: 1, Window: 10, Notification: 15 },
  TreeItemCollapsibleState: { None: 0, Collapsed: 1, Expanded: 2 },
  DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2, Hint: 3 },
  StatusBarAlignment: { Left: 1, Right: 2 },
  ViewColumn: { Active: -1, Beside: -2, One: 1, Two: 2 },
  ConfigurationTarget: { Global: 1, Workspace: 2, WorkspaceFolder: 3 },
  TaskScope: { Global: 1, Workspace: 2 },
  TaskRevealKind: { Always: 1, Silent: 2, Never: 3 },
  TaskPanelKind: { Shared: 1, Dedicated: 2, New: 3 },
  TaskGroup: { Build: { id: 'build' } },
  QuickPickItemKind: { Separator: -1, Default: 0 },
  CodeActionKind: { QuickFix: { value: 'quickfix', contains: () => true } },
  EndOfLine: { LF: 1, CRLF: 2 },
  FileType: { Unknown: 0, File: 1, Directory: 2 },
  UIKind: { Desktop: 1, Web: 2 },
};
