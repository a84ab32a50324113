// Whether a session can be resumed: by its id and by a ticket in TLS 1.2, by a pre-shared key in TLS 1.3.
import { constants } from 'node:crypto';
import type { ProbeReport, Resumption } from '../../core/tls/probeReport';
import type { ProbeLink } from './probeLink';
import type { HandshakeResult } from './tlsHandshake';

/** `full12`, `full13`: whole handshakes of each version, where it is offered. */
export async function probeResumption(
  link: ProbeLink,
  full12: HandshakeResult | undefined,
  full13: HandshakeResult | undefined,
): Promise<ProbeReport['resumption']> {
  const again = async (
    version: 'TLSv1.2' | 'TLSv1.3',
    first: HandshakeResult | undefined,
    secureOptions?: number,
  ): Promise<Resumption | undefined> => {
    // Without a full handshake that the broker took too, nothing can be said about a resumed one.
    if (!first?.facts || first.answer.outcome === 'tls-refused') return undefined;
    if (!first.session) return { works: false };
    const flags = secureOptions === undefined ? {} : { secureOptions };
    const second = await link.shake({ version, session: first.session, ...flags });
    const works = second.facts?.resumed === true;
    return { works, ...(works && second.measure ? { measure: second.measure } : {}) };
  };
  const noTicket = constants.SSL_OP_NO_TICKET;
  const byId = full12?.facts ? await link.shake({ version: 'TLSv1.2', secureOptions: noTicket }) : undefined;
  // One after the other: a server that serves one client at a time would let the second one wait.
  const ticket = full12?.facts && !full12.ticket ? { works: false } : await again('TLSv1.2', full12);
  const id = await again('TLSv1.2', byId, noTicket);
  const psk13 = await again('TLSv1.3', full13);
  return { ...(id ? { id } : {}), ...(ticket ? { ticket } : {}), ...(psk13 ? { psk13 } : {}) };
}
