// Which WiFiClient of a sketch is the broker's, and which MQTT client it belongs to.
import { type CppToken, cppTokens } from '../diagnose/cppTokens';
import type { SourceFile } from '../diagnose/sourceSymbols';

export interface TypePlace {
  readonly file: SourceFile;
  readonly name: string;
  /** Of the type's name. */
  readonly start: number;
  readonly end: number;
}

export interface MqttDeclaration {
  readonly name: string;
  /** Words in its parentheses or braces: among them the client's name. */
  readonly words: readonly string[];
  readonly args: readonly (readonly CppToken[])[];
  readonly file: SourceFile;
}

const wordAt = (token: CppToken | undefined): string | undefined => (token?.kind === 'word' ? token.text : undefined);
const isMark = (token: CppToken | undefined, ...texts: string[]): boolean =>
  token?.kind === 'mark' && texts.includes(token.text);

/** `WiFiClient name;` and `WiFiClient name{};`, `extern` ones too; also of arduino-esp32 3.x's NetworkClient. */
export function plainClients(files: readonly SourceFile[]): TypePlace[] {
  return files.flatMap((file) => {
    const tokens = cppTokens(file.text);
    return tokens.flatMap((token, i) => {
      const name = wordAt(tokens[i + 1]);
      const plain = wordAt(token) === 'WiFiClient' || wordAt(token) === 'NetworkClient';
      if (!plain || !name || !isMark(tokens[i + 2], ';', '{')) return [];
      return [{ file, name, start: token.start, end: token.end }];
    });
  });
}

/** Of a class such as PubSubClient: `Type name;`, `Type name(client);`, `Type name(server, 1883, callback, client);`. */
export function mqttClients(files: readonly SourceFile[], type: string): MqttDeclaration[] {
  return files.flatMap((file) => {
    const tokens = cppTokens(file.text);
    return tokens.flatMap((token, i) => {
      const name = wordAt(tokens[i + 1]);
      if (wordAt(token) !== type || !name || !isMark(tokens[i + 2], ';', '(', '{')) return [];
      const args = isMark(tokens[i + 2], ';') ? [] : argumentsAt(tokens, i + 3);
      const words = args.flatMap((argument) => argument.flatMap((part) => wordAt(part) ?? []));
      return [{ name, args, words, file }];
    });
  });
}

function argumentsAt(tokens: readonly CppToken[], from: number): CppToken[][] {
  const args: CppToken[][] = [[]];
  for (let i = from, depth = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (!token || (depth === 0 && isMark(token, ')', '}', ';'))) break;
    if (isMark(token, '(', '{', '[')) depth++;
    if (isMark(token, ')', '}', ']')) depth--;
    if (depth === 0 && isMark(token, ',')) args.push([]);
    else args.at(-1)?.push(token);
  }
  return args;
}
