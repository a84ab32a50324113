// What the TLS stacks of boards make of a broker's chain, under each name that its certificate carries.
import type { X509Certificate } from 'node:crypto';
import { lookAsBoard } from '../../core/diagnose/deviceEye';
import { type TlsStackId, tlsStacks } from '../../core/diagnose/tlsStack';
import { objectionWords } from '../../core/tls/boardObjections';
import { parseCertificate } from '../../core/x509/certificate';
import { hostsOf } from '../pki/certificateRecord';
import { verifySignature } from '../pki/signatureCheck';

export interface BoardVerdict {
  readonly stack: TlsStackId;
  readonly label: string;
  readonly accepted: boolean;
  /** A sentence, with the names under which the stack does not find it; empty when it accepts them all. */
  readonly why: string;
}

/** `chain` as the broker sends it, leaf first; `anchors` as the boards hold them. Wildcards are asked for with "device". */
export function boardVerdicts(
  chain: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
  nowMs: number,
): BoardVerdict[] {
  const [leaf] = chain;
  if (!leaf) return [];
  const hosts = hostsOf(leaf).map((host) => host.replace(/^\*/, 'device'));
  const question = {
    anchors: anchors.map((one) => parseCertificate(one.raw)),
    chain: chain.map((one) => parseCertificate(one.raw)),
    now: nowMs,
    verifySignature,
  };
  return (Object.keys(tlsStacks) as TlsStackId[]).map((stack) => {
    const refused = hosts
      .map((hostName) => ({ hostName, ...lookAsBoard({ ...question, stack, hostName }) }))
      .filter((view) => !view.accepted);
    const words = new Set(refused.flatMap(({ objections }) => objections.map(objectionWords)));
    const all = refused.length === hosts.length;
    const names =
      all || refused.length === 0 ? '' : ` By the name ${refused.map((view) => view.hostName).join(', ')} only.`;
    return {
      stack,
      label: tlsStacks[stack].label,
      accepted: refused.length === 0,
      why: `${[...words].join(' ')}${names}`,
    };
  });
}
