// Is the name in the sketch one of the names in the broker's certificate, for this board's TLS stack?
import { sameBytes } from '../../x509/der';
import { parseIp } from '../../x509/generalName';
import { anchorsOf, boardViews, checksChain, type DiagnosisFacts, objected, shortName } from '../diagnosisFacts';
import { usableNames } from '../hostName';
import { tlsStacks } from '../tlsStack';
import type { Evidence, FileEdit, ProposedFix, Verdict } from '../verdict';

export function hostNameVerdict(facts: DiagnosisFacts): Verdict | undefined {
  const [leaf] = facts.broker.chain;
  if (!leaf || !checksChain(facts) || facts.project.skipsNameCheck) return undefined;
  const views = boardViews(facts, anchorsOf(facts));
  const verdict = objected(views, 'name-mismatch');
  if (verdict === 'none') return undefined;
  const view = views.find(({ objections }) => objections.includes('name-mismatch')) ?? views[0];
  const stack = tlsStacks[view?.stack ?? 'mbedtls-2.28'];
  const { hostName, project } = facts;
  const address = parseIp(hostName);
  const ipInSan = leaf.subjectAltNames?.some(
    (name) => name.type === 'ip' && address !== undefined && sameBytes(name.octets, address),
  );
  const all = (leaf.subjectAltNames ?? []).map(({ type, value }) => `${type}:${value}`).join(', ');
  const evidence: Evidence[] = [
    {
      text: `The sketch connects to "${hostName}", and the board looks for that in the certificate.`,
      ...(project.host ? { at: project.host.at } : {}),
    },
    {
      text: leaf.subjectAltNames
        ? `The broker's certificate ${shortName(leaf)} is good for: ${all || 'no name at all'}. With names in the subjectAltName the CN does not count.`
        : `The broker's certificate has no subjectAltName; its CN is ${leaf.subject.commonName ? `"${leaf.subject.commonName}"` : 'missing'}.`,
    },
  ];
  if (ipInSan) {
    evidence.push({
      text: `The address is in the certificate, but ${stack.label} compares only DNS names: addresses are matched from Mbed TLS 3.5.0 on, by BearSSL never.`,
    });
  }
  return {
    cause: 'host-name-mismatch',
    certainty: verdict === 'all' ? 'proven' : 'likely',
    title: ipInSan
      ? `The board does not match the IP address ${hostName} in the certificate: its TLS stack compares DNS names only.`
      : `The host name "${hostName}" is not in the broker's certificate.`,
    boardPrints: '-0x2700 (Mbed TLS), 56 BR_ERR_X509_BAD_SERVER_NAME (BearSSL)',
    evidence,
    fixes: [...changeHost(facts, stack.id), ...reissue(facts, hostName)],
    remaining: verdict === 'some' ? [`Depends on the board's core version; it fails with ${stack.label}.`] : [],
  };
}

function changeHost(facts: DiagnosisFacts, stack: keyof typeof tlsStacks): ProposedFix[] {
  const { host } = facts.project;
  const [leaf] = facts.broker.chain;
  if (!host?.literal || !leaf) return [];
  return usableNames(leaf, tlsStacks[stack])
    .filter((name) => !name.startsWith('*.'))
    .slice(0, 3)
    .map((name) => ({
      kind: 'edit',
      title: `Connect to "${name}" instead (${host.at.file}, line ${host.at.line})`,
      edits: [hostEdit(facts, name)],
    }));
}

/** Keeps a URI's scheme, port and path; `IPAddress x(1, 2, 3, 4)` has no literal to keep. */
function hostEdit(facts: DiagnosisFacts, name: string): FileEdit {
  const { host } = facts.project as Required<Pick<typeof facts.project, 'host'>>;
  const { file, start, end } = host.at;
  const text = host.literal.includes(host.value) ? host.literal.replace(host.value, name) : name;
  return { file, start, end, newText: `"${text}"` };
}

function reissue(facts: DiagnosisFacts, hostName: string): ProposedFix[] {
  const [leaf] = facts.broker.chain;
  const own = facts.known.find(({ certificate }) => leaf && sameBytes(certificate.der, leaf.der));
  if (!own) {
    return [
      {
        kind: 'advice',
        title: `Or have the broker's certificate issued again with "${hostName}" as a DNS name in it.`,
      },
    ];
  }
  const broker = (own.path.split('/').at(-1) ?? own.path).replace(/\.(crt|pem|cer)$/i, '');
  return [
    {
      kind: 'reissue-broker-certificate',
      title: `Issue the broker certificate ${own.path} again with "${hostName}" added`,
      broker,
      dns: hostName,
      ...(parseIp(hostName) ? { ip: hostName } : {}),
    },
  ];
}
