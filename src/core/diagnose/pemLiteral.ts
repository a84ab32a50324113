// Writes a PEM text into a source in the form that it already has there.
import type { PemFact } from './projectFacts';
import type { FileEdit } from './verdict';

/** The literal, without the declaration around it. Each line break of the PEM is kept: boards need them. */
export function pemLiteral(pem: string, form: PemFact['form']): string {
  const text = `${pem.trim().replace(/\r\n?/g, '\n')}\n`;
  if (form === 'file') return text;
  if (form === 'raw') return `R"PEM(\n${text})PEM"`;
  const lines = text.trimEnd().split('\n');
  return `\n${lines.map((line) => `  "${line}\\n"`).join(form === 'define' ? ' \\\n' : '\n')}`.replace(
    /^\n/,
    form === 'define' ? '\\\n' : '\n',
  );
}

/** Keeps the first line where it was: many write R"PEM(-----BEGIN … without a line break. */
export function replacePem(fact: PemFact, pem: string): FileEdit {
  const literal = pemLiteral(pem, fact.form);
  const newText = fact.form === 'raw' && !fact.text.startsWith('\n') ? literal.replace('(\n', '(') : literal;
  return { file: fact.at.file, start: fact.at.start, end: fact.at.end, newText };
}
