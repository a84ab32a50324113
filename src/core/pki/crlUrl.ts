// Where clients find the revocation list (RFC 5280 section 4.2.1.13): what may stand in a CRL distribution point.
import { UserError } from '../errors';

/** Throws UserError for what no client could fetch. */
export function parseCrlUrl(text: string): string {
  const url = text.trim();
  if (/^https?:\/\/[^\s/@]+\/[\x21-\x7e]+$/i.test(url)) return url;
  const hint = /^https?:/i.test(url)
    ? 'Give the whole address of the file, without a user name and without spaces.'
    : 'Give an http:// address, such as http://pki.example.com/ca.crl.';
  throw new UserError('crl-url', `"${url}" is no address that a revocation list can be fetched from. ${hint}`);
}
