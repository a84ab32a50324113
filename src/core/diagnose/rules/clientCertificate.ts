// The other direction: what the broker thinks of the board's certificate.
import { alertName } from '../../tls/alerts';
import type { Attempt } from '../brokerFacts';
import { type DiagnosisFacts, describe, where } from '../diagnosisFacts';
import type { Evidence, FileEdit, ProposedFix, Verdict } from '../verdict';

const PRINTS = '-0x7780 (fatal alert from the broker), or -0x0050 when the line is reset first';

export function clientCertificateVerdict(facts: DiagnosisFacts): Verdict | undefined {
  const { broker, project } = facts;
  if (!broker.asksForCertificate || project.usesPsk) return undefined;
  const bare = broker.withoutCertificate;
  if (bare?.outcome !== 'refused') return undefined;
  const hasPair = project.clientCertificate !== undefined && project.clientKey !== undefined;
  const dropped = project.insecure !== undefined && project.stack.framework === 'arduino';
  if (project.atRunTime.clientCertificate && !dropped) return storedRefused(facts);
  if (!hasPair || dropped) return missing(facts, bare, dropped && hasPair);
  if (facts.keyMatches === false) return keyMismatch(facts);
  const own = broker.withCertificate;
  return own?.outcome === 'refused' ? refused(facts, own) : undefined;
}

/** The sketch loads its pair at run time; the workspace's own for this device was tried in its place. */
function storedRefused(facts: DiagnosisFacts): Verdict | undefined {
  const { stored, broker } = facts;
  const own = broker.withCertificate;
  if (!stored || own?.outcome !== 'refused') return undefined;
  const why = WHY[own.alert ?? -1] ?? 'the broker does not say why';
  return {
    cause: 'client-certificate-refused',
    certainty: 'likely',
    title: `The broker refuses the certificate that this workspace has for the board: ${why}.`,
    boardPrints: PRINTS,
    evidence: [
      ...asked(facts),
      { text: `The sketch loads its pair at run time. A handshake with ${stored.path} ${said(own)}.` },
    ],
    fixes: [
      {
        kind: 'advice',
        title:
          "Issue a certificate by the broker's CA and bring it onto the board (Provision Device…), or give the broker the CA of this one",
      },
    ],
    remaining: ['The board may hold another certificate than the one of this workspace.'],
  };
}

function asked(facts: DiagnosisFacts): Evidence[] {
  const { acceptedIssuers, host, port } = facts.broker;
  const names = acceptedIssuers.map(({ text }) => text).join('; ');
  return [
    {
      text: `The broker ${host}:${port} asks for a client certificate${names ? ` of one of these authorities: ${names}` : ''}.`,
    },
  ];
}

function said(attempt: Attempt): string {
  if (attempt.outcome === 'connected') return `was accepted (${attempt.version})`;
  return attempt.alert === undefined
    ? `was refused: ${attempt.message}`
    : `was refused with the alert ${alertName(attempt.alert)} (${attempt.alert})`;
}

const NO_PAIR = {
  arduino: 'The sketch sets no client certificate: no setCertificate and setPrivateKey (or the like) was found.',
  idf: 'The project sets no client certificate: no credentials.authentication with certificate and key was found (before ESP-IDF 5: client_cert_pem and client_key_pem).',
} as const;

function missing(facts: DiagnosisFacts, bare: Attempt, dropped: boolean): Verdict {
  const { project, broker } = facts;
  const evidence: Evidence[] = [...asked(facts), { text: `A handshake without one ${said(bare)}.` }];
  if (dropped && project.insecure) {
    evidence.push({
      text: 'The sketch calls setInsecure(): then the client certificate is not loaded either (ssl_client.cpp loads the pair only when not insecure).',
      at: project.insecure,
    });
  } else {
    const half = project.clientCertificate ?? project.clientKey;
    evidence.push(
      half
        ? { text: `The sketch has only one half of the pair: ${where(half)}.`, at: half.at }
        : { text: NO_PAIR[project.stack.framework === 'esp-idf' ? 'idf' : 'arduino'] },
    );
  }
  if (broker.withCertificate?.outcome === 'connected') {
    evidence.push({ text: `With the pair from the sketch the same handshake ${said(broker.withCertificate)}.` });
  }
  return {
    cause: 'missing-client-certificate',
    certainty: 'proven',
    title: dropped
      ? 'setInsecure() drops the client certificate that the broker requires.'
      : 'The broker requires a client certificate and the board sends none.',
    boardPrints: PRINTS,
    evidence,
    fixes: [dropped ? removeInsecure(facts) : addPair(facts)],
    remaining: [],
  };
}

function addPair(facts: DiagnosisFacts): ProposedFix {
  const { insecure } = facts.project;
  return {
    kind: 'add-client-certificate',
    title: 'Give the sketch a device certificate and key',
    alsoRemove: insecure && facts.project.ca ? [removal(facts)] : [],
  };
}

function removeInsecure(facts: DiagnosisFacts): ProposedFix {
  if (!facts.project.ca) {
    return { kind: 'advice', title: 'Replace setInsecure() by setCACert() with the broker’s CA.' };
  }
  return { kind: 'edit', title: 'Remove setInsecure()', edits: [removal(facts)] };
}

/** The call only: `tls.` in front and the `;` behind stay a valid statement as `tls;`, so the object goes too. */
function removal(facts: DiagnosisFacts): FileEdit {
  const at = facts.project.insecure;
  if (!at) throw new Error('no setInsecure() to remove');
  const before = facts.project.insecureObjectLength ?? 0;
  return { file: at.file, start: at.start - before, end: at.end + 1, newText: '' };
}

function keyMismatch(facts: DiagnosisFacts): Verdict {
  const { clientCertificate, clientKey } = facts.project;
  const [certificate] = clientCertificate?.certificates ?? [];
  return {
    cause: 'client-key-mismatch',
    certainty: 'proven',
    title: 'The private key in the sketch does not belong to the client certificate.',
    boardPrints: PRINTS,
    evidence: [
      ...asked(facts),
      ...(clientCertificate && certificate
        ? [{ text: `${where(clientCertificate)}: ${describe(certificate, facts)}.`, at: clientCertificate.at }]
        : []),
      ...(clientKey ? [{ text: `${where(clientKey)}: its public half is another one.`, at: clientKey.at }] : []),
    ],
    fixes: [
      { kind: 'add-client-certificate', title: 'Put a matching certificate and key into the sketch', alsoRemove: [] },
    ],
    remaining: [],
  };
}

const WHY: Readonly<Record<number, string>> = {
  42: 'the broker says it is bad: most often it is not signed by a CA that the broker trusts, or damaged',
  43: 'the broker does not take this kind of certificate: it may be meant for servers (no clientAuth)',
  44: "it is on the broker's revocation list",
  45: "it has expired, by the broker's clock",
  46: 'the broker could not verify it',
  48: 'it is not signed by a CA that the broker trusts',
};

function refused(facts: DiagnosisFacts, own: Extract<Attempt, { outcome: 'refused' }>): Verdict {
  const { clientCertificate } = facts.project;
  const [certificate] = clientCertificate?.certificates ?? [];
  const { acceptedIssuers } = facts.broker;
  const named = acceptedIssuers.some(({ der }) => certificate && equal(der, certificate.issuer.der));
  const expired = certificate !== undefined && certificate.notAfter < facts.now;
  const evidence: Evidence[] = [
    ...asked(facts),
    { text: `A handshake with the certificate of the sketch ${said(own)}.` },
  ];
  if (clientCertificate && certificate) {
    evidence.push({
      text: `${where(clientCertificate)}: ${describe(certificate, facts)}, issued by ${certificate.issuer.text}${acceptedIssuers.length > 0 ? (named ? ', which the broker names' : ', which the broker does not name') : ''}.`,
      at: clientCertificate.at,
    });
    if (expired) evidence.push({ text: `It expired on ${new Date(certificate.notAfter).toISOString().slice(0, 10)}.` });
  }
  const reason =
    acceptedIssuers.length > 0 && !named && own.alert !== 45
      ? 'it is not issued by a CA that the broker names'
      : (WHY[own.alert ?? -1] ?? 'the broker does not say why');
  return {
    cause: 'client-certificate-refused',
    certainty: reason.startsWith('the broker does not') ? 'likely' : 'proven',
    title: `The broker refuses the board's certificate: ${reason}.`,
    boardPrints: PRINTS,
    evidence,
    fixes: [
      { kind: 'add-client-certificate', title: 'Put a new device certificate into the sketch', alsoRemove: [] },
      {
        kind: 'advice',
        title: "Or give the broker the CA of this certificate (mosquitto's cafile), and look into its log.",
      },
    ],
    remaining: [],
  };
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, i) => octet === b[i]);
}
