// The CRL distribution points of a certificate (RFC 5280, 4.2.1.13): the addresses in it, nothing else.
import { children, type DerElement, readElement, value } from './der';
import type { Extension } from './extensions';

const CRL_DISTRIBUTION_POINTS = '2.5.29.31';
/** distributionPoint [0], fullName [0], uniformResourceIdentifier [6]. */
const CONTEXT_0 = 0xa0;
const URI = 0x86;

/** Empty for a certificate without any, and for an extension that cannot be read. */
export function crlUrls(extensions: readonly Extension[]): string[] {
  const extension = extensions.find(({ oid }) => oid === CRL_DISTRIBUTION_POINTS);
  if (!extension) return [];
  const inside = (elements: readonly DerElement[], tag: number) =>
    elements.filter((element) => element.tag === tag).flatMap(children);
  try {
    const points = children(readElement(extension.value)).flatMap(children);
    return inside(inside(points, CONTEXT_0), CONTEXT_0)
      .filter(({ tag }) => tag === URI)
      .map((name) => new TextDecoder().decode(value(name)));
  } catch {
    return [];
  }
}
