// Reads a .proto file (proto2 and proto3; protobuf.dev, "Protocol Buffers Language Specification"). Imports are not
// followed: a type that is not in the file is an error that says so where it is used.
import { UserError } from '../errors';
import { type ProtoField, type ProtoMessage, type ProtoSchema, SCALARS } from './schema';

const MAX_DEPTH = 32;

/** `source` names the file in errors. Throws UserError `proto-damaged` with the line. */
export function parseProto(text: string, source: string): ProtoSchema {
  return new Parser(text, source).file();
}

interface Draft {
  readonly name: string;
  readonly scope: string;
  readonly fields: (ProtoField & { readonly line: number })[];
}

class Parser {
  private readonly tokens: { readonly text: string; readonly line: number }[] = [];
  private at = 0;
  private readonly drafts: Draft[] = [];
  private readonly enums = new Map<string, Map<number, string>>();

  constructor(
    text: string,
    private readonly source: string,
  ) {
    let line = 1;
    const pattern = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[\w.]+|\s+|[\s\S]/g;
    for (const [token] of text.matchAll(pattern)) {
      if (!/^(?:\s|\/\/|\/\*)/.test(token)) this.tokens.push({ text: token, line });
      line += token.split('\n').length - 1;
    }
  }

  file(): ProtoSchema {
    let scope = '';
    while (this.at < this.tokens.length) {
      const word = this.next();
      if (word === 'package') {
        scope = this.next();
        this.expect(';');
      } else if (word === 'message') this.message(scope, 0);
      else if (word === 'enum') this.enumeration(scope);
      else if (word !== ';') this.skip();
    }
    const known = new Set([...this.drafts.map(({ name }) => name), ...this.enums.keys()]);
    const messages = new Map<string, ProtoMessage>();
    for (const { name, scope: inside, fields } of this.drafts) {
      const resolved = fields.map((field) => this.resolve(field, inside, known));
      messages.set(name, { name, fields: new Map(resolved.map((field) => [field.number, field])) });
    }
    return { messages, enums: this.enums };
  }

  private message(scope: string, depth: number): void {
    if (depth > MAX_DEPTH) this.fail('messages are nested too deep');
    const name = full(scope, this.name());
    const draft: Draft = { name, scope: name, fields: [] };
    this.drafts.push(draft);
    this.expect('{');
    this.body(draft, depth);
  }

  /** Up to the closing brace; a oneof's fields are its message's. */
  private body(draft: Draft, depth: number): void {
    for (let word = this.next(); word !== '}'; word = this.next()) {
      if (word === 'message') this.message(draft.name, depth + 1);
      else if (word === 'enum') this.enumeration(draft.name);
      else if (word === 'oneof') {
        this.name();
        this.expect('{');
        this.body(draft, depth + 1);
      } else if (word === 'map' && this.peek() === '<') draft.fields.push(this.map());
      else if (['option', 'reserved', 'extensions', 'extend'].includes(word)) this.skip();
      else if (word !== ';') draft.fields.push(this.field(word));
    }
  }

  private field(first: string): Draft['fields'][number] {
    const label = ['optional', 'required', 'repeated'].includes(first);
    const type = label ? this.next() : first;
    if (type === 'group') this.fail('groups are not supported');
    return { ...this.named(), type, repeated: first === 'repeated' };
  }

  private map(): Draft['fields'][number] {
    this.expect('<');
    const key = this.name();
    this.expect(',');
    const value = this.name();
    this.expect('>');
    return { ...this.named(), type: 'map', repeated: true, map: { key, value } };
  }

  private named(): { readonly name: string; readonly number: number; readonly line: number } {
    const { line } = this.tokens[this.at] ?? { line: 0 };
    const name = this.name();
    this.expect('=');
    const number = Number(this.next());
    if (!Number.isInteger(number) || number < 1 || number > 0x1fff_ffff) this.fail(`"${name}" has no field number`);
    this.skip();
    return { name, number, line };
  }

  private enumeration(scope: string): void {
    const values = new Map<number, string>();
    this.enums.set(full(scope, this.name()), values);
    this.expect('{');
    for (let word = this.next(); word !== '}'; word = this.next()) {
      if (word === ';') continue;
      if (word === 'option' || word === 'reserved') {
        this.skip();
        continue;
      }
      this.expect('=');
      const sign = this.peek() === '-' ? this.next() : '';
      const number = Number(sign + this.next());
      if (!Number.isInteger(number)) this.fail(`"${word}" has no number`);
      if (!values.has(number)) values.set(number, word); // an alias: the first name is shown
      this.skip();
    }
  }

  /** As protobuf does: in the scope of the message, then in those around it. */
  private resolve(field: Draft['fields'][number], scope: string, known: ReadonlySet<string>): ProtoField {
    const find = (type: string): string => {
      if (SCALARS.has(type) || type === 'map') return type;
      if (type.startsWith('.') && known.has(type.slice(1))) return type.slice(1);
      for (let inside = scope; ; inside = inside.replace(/\.?[^.]*$/, '')) {
        if (known.has(full(inside, type))) return full(inside, type);
        if (inside === '') break;
      }
      return this.fail(`the type "${type}" is not in this file, and imports are not followed`, field.line);
    };
    const { line: _line, ...rest } = field;
    const { map } = rest;
    return map ? { ...rest, map: { key: find(map.key), value: find(map.value) } } : { ...rest, type: find(rest.type) };
  }

  /** Past the next `;`, or past a block; what is between is of no use here. */
  private skip(): void {
    let open = 0;
    while (this.at < this.tokens.length) {
      const token = this.next();
      if (token === '{' || token === '[') open += 1;
      if (token === '}' || token === ']') open -= 1;
      if (open <= 0 && (token === ';' || token === '}')) return;
    }
  }

  private name(): string {
    const token = this.next();
    return /^[\w.]+$/.test(token) ? token : this.fail(`a name was expected, not "${token}"`);
  }

  private expect(wanted: string): void {
    const token = this.next();
    if (token !== wanted) this.fail(`"${wanted}" was expected, not "${token}"`);
  }

  private peek(): string | undefined {
    return this.tokens[this.at]?.text;
  }

  private next(): string {
    const token = this.tokens[this.at];
    if (!token) return this.fail('it ends too early');
    this.at += 1;
    return token.text;
  }

  private fail(what: string, line = this.tokens[Math.max(0, this.at - 1)]?.line ?? 1): never {
    throw new UserError('proto-damaged', `${this.source}, line ${line}: ${what}.`);
  }
}

function full(scope: string, name: string): string {
  return scope === '' ? name : `${scope}.${name}`;
}
