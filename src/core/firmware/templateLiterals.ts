// How a value is written into each language of a template so that the compiler or parser reads back exactly that value.

/** Languages a slot can be written in: `{{host|c}}`, `{{rootCa|raw}}`, ... `text` is for files that are one value. */
export type Literal =
  | 'c'
  | 'raw'
  | 'int'
  | 'yaml'
  | 'ini'
  | 'json'
  | 'md'
  | 'mdcode'
  | 'acl'
  | 'comment'
  | 'text'
  | 'hex'
  | 'bytes'
  | 'awsTopic'
  | 'awsFilter';

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** Octal escapes of a character's UTF-8 bytes: three digits each, so that a digit after it cannot join in. */
function octal(character: string): string {
  return [...new TextEncoder().encode(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}

/**
 * A C or C++ string literal on one line, quotes included. Letters of any script stay readable; controls, bidirectional
 * marks and everything else that could hide or break the line become octal escapes of their UTF-8 bytes.
 */
function cString(value: string): string {
  let out = '';
  for (const character of value) {
    const named = NAMED_ESCAPES[character];
    if (named) out += named;
    else if (character === '?')
      out += '\\?'; // `??/` is a trigraph where a compiler still knows them
    else if (/^[ -~\p{L}\p{N}]$/u.test(character)) out += character;
    else out += octal(character);
  }
  return `"${out}"`;
}

/** A C++ raw string literal, with a delimiter that the value does not contain; else a plain literal. */
function rawString(value: string): string {
  // A raw literal keeps its line ends as the file has them, so only plain lines of visible ASCII go there.
  if (!/^[\n -~]*$/.test(value)) return cString(value);
  for (let attempt = 0; ; attempt++) {
    const delimiter = attempt === 0 ? 'PEM' : `PEM${attempt}`;
    if (!value.includes(`)${delimiter}"`)) return `R"${delimiter}(${value})${delimiter}"`;
  }
}

/** A YAML double-quoted scalar: JSON's escapes are a subset of YAML's (YAML 1.2, 10.3.2). */
function yamlString(value: string): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** One line that no Markdown renderer takes as markup. */
function markdown(value: string): string {
  return oneLine(value).replace(/[\\`*_{}[\]<>()#|~&]/g, '\\$&');
}

/** Controls, line separators and bidirectional marks out; for comments and for places that take the rest of a line. */
function oneLine(value: string): string {
  return value.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** The rest of a line of mosquitto's access list, which takes every character as it is but ends of lines. */
function aclName(value: string): string {
  return value.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** A line comment: no line end, no backslash at the end that would join the next line, no end of a block comment. */
function comment(value: string): string {
  return oneLine(value)
    .replace(/\*\//g, '* /')
    .replace(/\/\*/g, '/ *')
    .replace(/\?\?\//g, '?? /')
    .replace(/\\+$/, '');
}

/** Writes `value` as `literal`. Throws for a value that the language cannot hold (validation refuses those before). */
export function writeLiteral(value: string, literal: Literal): string {
  switch (literal) {
    case 'c':
      return cString(value);
    case 'raw':
      return rawString(value);
    case 'int':
      if (!/^-?\d{1,9}$/.test(value)) throw new Error(`not a whole number: ${JSON.stringify(value)}`);
      return value;
    case 'yaml':
      return yamlString(value);
    case 'json':
      return JSON.stringify(value);
    case 'ini':
      if (!/^[\w .:@/-]+$/.test(value)) throw new Error(`not writable in an .ini file: ${JSON.stringify(value)}`);
      return value;
    case 'md':
      return markdown(value);
    case 'hex':
      if (!/^[0-9A-Fa-f]+$/.test(value)) throw new Error('not hexadecimal');
      return value;
    case 'bytes':
      if (!/^([0-9A-Fa-f]{2})+$/.test(value)) throw new Error('not hexadecimal bytes');
      return `{${value
        .match(/../g)
        ?.map((byte) => `0x${byte}`)
        .join(', ')}}`;
    case 'awsTopic':
      return JSON.stringify(`arn:aws:iot:*:*:topic/${value.replaceAll('+', '*').replaceAll('#', '*')}`);
    case 'awsFilter':
      return JSON.stringify(`arn:aws:iot:*:*:topicfilter/${value}`);
    case 'text':
      return value;
    case 'mdcode':
      return oneLine(value).replace(/`/g, "'");
    case 'acl':
      return aclName(value);
    case 'comment':
      return comment(value);
  }
}
