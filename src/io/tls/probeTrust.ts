// Is the chain trusted, and is it for this name: by OpenSSL where a handshake finished, by the same rules where none did.
import { lookAsBoard } from '../../core/diagnose/deviceEye';
import type { ProbeReport } from '../../core/tls/probeReport';
import type { Certificate } from '../../core/x509/certificate';
import { readCertificates } from '../../core/x509/readCertificates';
import { verifySignature } from '../pki/signatureCheck';
import type { ProbeLink } from './probeLink';
import { publicRoots } from './publicRoots';
import type { HandshakeResult } from './tlsHandshake';

export async function probeTrust(
  link: ProbeLink,
  chain: readonly Certificate[],
  results: readonly (HandshakeResult | undefined)[],
  now: number,
): Promise<ProbeReport['trust']> {
  const given = link.target.tls?.ca;
  const authority = given === undefined ? 'system' : 'given';
  if (chain.length === 0) return { authority, chainProblem: 'NO_CERTIFICATE', nameProblem: '' };
  const facts = results.find((result) => result?.facts)?.facts;
  const anchors = given === undefined ? publicRoots() : readCertificates(given);
  const { chainProblem, nameProblem } = facts ?? offlineProblems(chain, anchors, link.name, now);
  if (given === undefined) return { authority, chainProblem, nameProblem };
  if (!facts) {
    const bySystem = offlineProblems(chain, publicRoots(), link.name, now).chainProblem === '';
    return { authority, chainProblem, nameProblem, bySystem };
  }
  const { ca: _ca, ...rest } = link.target.tls ?? {};
  const system = await link.shake({ version: facts.version === 'TLSv1.3' ? 'TLSv1.3' : 'TLSv1.2' }, rest);
  return { authority, chainProblem, nameProblem, bySystem: system.facts?.chainProblem === '' };
}

function offlineProblems(
  chain: readonly Certificate[],
  anchors: readonly Certificate[],
  hostName: string,
  now: number,
): { readonly chainProblem: string; readonly nameProblem: string } {
  const view = lookAsBoard({ stack: 'mbedtls-3.6', anchors, chain, hostName, now, checksDates: true, verifySignature });
  const has = (objection: (typeof view.objections)[number]): boolean => view.objections.includes(objection);
  const chainProblem = has('expired')
    ? 'CERT_HAS_EXPIRED'
    : has('not-yet-valid')
      ? 'CERT_NOT_YET_VALID'
      : view.objections.some((objection) => objection !== 'name-mismatch')
        ? 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'
        : '';
  return { chainProblem, nameProblem: has('name-mismatch') ? 'ERR_TLS_CERT_ALTNAME_INVALID' : '' };
}
