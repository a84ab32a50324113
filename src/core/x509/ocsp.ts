// An OCSP response as a server staples it (RFC 6960, 4.2.1): what it says of the first certificate. Not verified here.
import { UserError } from '../errors';
import { children, type DerElement, oid, readElement, Tag, value } from './der';
import { derTime } from './derTime';

export interface OcspAnswer {
  /** `error`: the responder answered with an error or not as RFC 6960 has it. */
  readonly status: 'good' | 'revoked' | 'unknown' | 'error';
  /** Epoch milliseconds. */
  readonly thisUpdateMs?: number;
  readonly nextUpdateMs?: number;
}

const BASIC_RESPONSE = '1.3.6.1.5.5.7.48.1.1';
const STATUS: Readonly<Record<number, OcspAnswer['status']>> = { 0: 'good', 1: 'revoked', 2: 'unknown' };

/** Never throws: what cannot be read is an `error`. */
export function readOcspAnswer(der: Uint8Array): OcspAnswer {
  try {
    const [status, wrapper] = children(readElement(der));
    if (!status || value(status)[0] !== 0 || !wrapper) return { status: 'error' };
    const [type, octets] = inside(inside([wrapper])[0] ? children(wrapper) : []);
    if (!type || !octets || oid(type) !== BASIC_RESPONSE) return { status: 'error' };
    const [data] = children(readElement(value(octets)));
    const responses = data ? children(data).findLast(({ tag }) => tag === Tag.sequence) : undefined;
    const [first] = responses ? children(responses) : [];
    return first ? single(children(first)) : { status: 'error' };
  } catch (error) {
    if (error instanceof UserError) return { status: 'error' };
    throw error;
  }
}

/** SingleResponse: certID, certStatus [0] [1] [2], thisUpdate, nextUpdate [0] EXPLICIT. */
function single([, status, thisUpdate, next]: readonly DerElement[]): OcspAnswer {
  if (!status || !thisUpdate) return { status: 'error' };
  const [nextUpdate] = next?.tag === 0xa0 ? children(next) : [];
  return {
    status: STATUS[status.tag & 0x1f] ?? 'error',
    thisUpdateMs: derTime(thisUpdate),
    ...(nextUpdate ? { nextUpdateMs: derTime(nextUpdate) } : {}),
  };
}

function inside([outer]: readonly DerElement[]): DerElement[] {
  return outer ? children(outer) : [];
}
