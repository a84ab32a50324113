// What a common name may be: X.520 allows 64 characters; boards, brokers and file systems agree only on plain ASCII.
import { UserError } from '../errors';

/** Upper bound of X.520's CommonName, which RFC 5280 (appendix A.1, ub-common-name) keeps. */
const LONGEST = 64;

/** Returns the name without surrounding spaces. Throws UserError with what to write instead. */
export function checkCommonName(text: string): string {
  const name = text.trim();
  if (name === '') throw new UserError('common-name', 'The common name is empty. Give the certificate a name.');
  if (name.length > LONGEST) {
    throw new UserError(
      'common-name',
      `The common name "${name.slice(0, 24)}…" has ${name.length} characters; a certificate allows ${LONGEST}. Shorten it (a long host name can stand in the DNS names alone).`,
    );
  }
  const control = [...name].find((c) => c < ' ' || c === '\x7f');
  if (control !== undefined) {
    throw new UserError(
      'common-name',
      `The common name has a control character (code ${control.charCodeAt(0)}), such as a line break. Write it on one line, as plain text.`,
    );
  }
  if (!/^[\x20-\x7e]+$/.test(name)) {
    const plain = withoutAccents(name);
    const hint = /^[\x20-\x7e]+$/.test(plain)
      ? ` Write "${plain}" instead.`
      : ' Use letters A to Z, digits, "-" and ".".';
    throw new UserError(
      'common-name',
      `The common name "${name}" has characters outside ASCII, which brokers and boards compare differently.${hint}`,
    );
  }
  return name;
}

function withoutAccents(text: string): string {
  return text.replaceAll('ß', 'ss').normalize('NFD').replace(/\p{M}/gu, '');
}
