// Documents of the fake: files on the disk, untitled texts, and what a content provider gives; edits are carried out.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Position, Range, type WorkspaceEdit } from './values';

export interface FakeUri {
  readonly scheme: string;
  readonly path: string;
  readonly fsPath: string;
  toString(): string;
}

export class FakeDocument {
  isDirty = false;
  private text: string;
  constructor(
    readonly uri: FakeUri,
    text: string,
    readonly languageId = 'plaintext',
  ) {
    // as VS Code does: all lines get the end that most of them have
    const ends = text.match(/\r\n|\r|\n/g) ?? [];
    const crlf = ends.filter((end) => end === '\r\n').length;
    this.text = text.replace(/\r\n|\r|\n/g, crlf > ends.length / 2 ? '\r\n' : '\n');
  }
  get fileName(): string {
    return this.uri.fsPath;
  }
  get lineCount(): number {
    return this.text.split('\n').length;
  }
  getText(range?: Range): string {
    return range ? this.text.slice(this.offsetAt(range.start), this.offsetAt(range.end)) : this.text;
  }
  lineAt(line: number | Position) {
    const index = typeof line === 'number' ? line : line.line;
    const text = (this.text.split('\n')[index] ?? '').replace(/\r$/, '');
    return { text, lineNumber: index, range: new Range(index, 0, index, text.length) };
  }
  offsetAt({ line, character }: Position): number {
    const lines = this.text.split('\n');
    return lines.slice(0, line).reduce((sum, text) => sum + text.length + 1, 0) + character;
  }
  positionAt(offset: number): Position {
    const before = this.text.slice(0, offset).split('\n');
    return new Position(before.length - 1, (before.at(-1) ?? '').length);
  }
  change(range: Range, text: string): void {
    const [start, end] = [this.offsetAt(range.start), this.offsetAt(range.end)];
    this.text = this.text.slice(0, start) + text + this.text.slice(end);
    this.isDirty = true;
  }
  async save(): Promise<boolean> {
    writeFileSync(this.uri.fsPath, this.text);
    this.isDirty = false;
    return true;
  }
}

export interface ContentProvider {
  provideTextDocumentContent(uri: FakeUri): string | PromiseLike<string>;
}

export class Documents {
  readonly open = new Map<string, FakeDocument>();
  readonly providers = new Map<string, ContentProvider>();
  private untitled = 0;

  async get(what: FakeUri | string | { content?: string; language?: string }, uriOf: (path: string) => FakeUri) {
    if (typeof what === 'object' && !('scheme' in what)) {
      const uri = { scheme: 'untitled', path: `Untitled-${++this.untitled}`, fsPath: '', toString: () => 'untitled:' };
      return new FakeDocument(uri, what.content ?? '', what.language);
    }
    const uri = typeof what === 'string' ? uriOf(what) : what;
    const key = uri.toString();
    const provider = this.providers.get(uri.scheme);
    const known = this.open.get(key);
    if (known?.isDirty) return known;
    const text = provider ? await provider.provideTextDocumentContent(uri) : readFileSync(uri.fsPath, 'utf8');
    if (known && known.getText() === text) return known;
    const document = new FakeDocument(uri, text, /\.(?:cpp|ino|h|c)$/.test(uri.path) ? 'cpp' : undefined);
    this.open.set(key, document);
    return document;
  }

  async apply(edit: WorkspaceEdit, uriOf: (path: string) => FakeUri): Promise<boolean> {
    for (const { uri, contents } of edit.created)
      if (!existsSync(uri.fsPath)) writeFileSync(uri.fsPath, contents ?? new Uint8Array());
    // From the end of each file to its beginning, so that earlier offsets stay true.
    // Of an insertion and a replacement at one place the replacement comes first, so that the insertion stands before it.
    const ordered = [...edit.replacements].sort((a, b) => {
      const [left, right] = a.range.start.isEqual(b.range.start)
        ? [a.range.end, b.range.end]
        : [a.range.start, b.range.start];
      return left.isBefore(right) ? 1 : -1;
    });
    for (const { uri, range, text } of ordered) (await this.get(uri.fsPath, uriOf)).change(range, text);
    return true;
  }
}
