// One diagnosis from a project folder: reads the project, replays its handshake, applies the board's rules.
import { isAbsolute, join, resolve } from 'node:path';
import type { BrokerFacts } from '../../core/diagnose/brokerFacts';
import { type Diagnosis, diagnose } from '../../core/diagnose/diagnose';
import type { DiagnosisFacts } from '../../core/diagnose/diagnosisFacts';
import { type PemFact, type ProjectFacts, projectFacts, readPemFact } from '../../core/diagnose/projectFacts';
import type { SourceFile } from '../../core/diagnose/sourceSymbols';
import type { TlsStackId } from '../../core/diagnose/tlsStack';
import { UserError } from '../../core/errors';
import type { OwnConnections } from '../network/ownConnections';
import { knownCertificates } from '../pki/knownCertificates';
import { fingerprint, keyBelongsTo, sha1, verifySignature } from '../pki/signatureCheck';
import { publicRoots } from '../tls/publicRoots';
import { replayHandshake } from './handshakeReplay';
import { readProjectFiles } from './projectFiles';
import { storedIdentity } from './storedIdentity';

export interface DiagnosisRequest {
  /** The project's folder. Without one everything comes from the options. */
  readonly folder?: string;
  /** Relative paths in evidence and fixes start here; the workspace folder as a rule. */
  readonly base: string;
  /** Certificate folders to look for CAs in, absolute or relative to `base`. */
  readonly certificates: readonly string[];
  readonly host?: string;
  readonly port?: number;
  readonly servername?: string;
  readonly stack?: TlsStackId;
  /** PEM texts in place of what the project says. `key` is a secret. */
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Is told of the connections of the replay. */
  readonly own?: OwnConnections;
}

export interface DiagnosisResult {
  readonly diagnosis: Diagnosis;
  readonly project: ProjectFacts;
  readonly broker: BrokerFacts;
  readonly files: readonly SourceFile[];
  readonly facts: DiagnosisFacts;
}

export async function diagnoseConnection(request: DiagnosisRequest, now: number): Promise<DiagnosisResult> {
  const files = request.folder === undefined ? [] : await readProjectFiles(request.folder);
  const project = withOptions(projectFacts(files), request);
  const host = request.host ?? project.host?.value;
  if (host === undefined) {
    throw new UserError(
      'no-host',
      request.folder === undefined
        ? 'Say which broker: --host, or a project folder.'
        : `No broker host was found in the sources of ${request.folder}. Say it with --host, or set it in the sketch (MQTT_HOST, setServer).`,
    );
  }
  const port = request.port ?? project.port?.value ?? 8883;
  const hostName = request.servername ?? host;
  const { clientCertificate, clientKey } = project;
  const [own] = clientCertificate?.certificates ?? [];
  const identity =
    clientCertificate && clientKey && own ? { certificate: clientCertificate.text, key: clientKey.text } : undefined;
  const keyMatches = own && clientKey ? keyBelongsTo(own, clientKey.text) : undefined;
  const folders = certificateFolders(request, project);
  const stored = identity ? undefined : await storedIdentity(project, folders, request.base);
  const shown = identity ?? stored;
  const stacks = request.stack ? [request.stack] : project.stack.candidates;
  const broker = await replayHandshake({
    host,
    port,
    servername: hostName,
    stacks,
    ...(shown ? { identity: { certificate: shown.certificate, key: shown.key } } : {}),
    ...(request.timeoutMs === undefined ? {} : { timeoutMs: request.timeoutMs }),
    ...(request.signal ? { signal: request.signal } : {}),
    ...(request.own ? { own: request.own } : {}),
  });
  const facts: DiagnosisFacts = {
    project,
    broker,
    hostName,
    stacks,
    known: await knownCertificates(folders, request.base),
    publicRoots: project.usesBundle && !project.ca ? publicRoots() : [],
    ...(keyMatches === undefined ? {} : { keyMatches }),
    ...(stored ? { stored: { path: stored.path } } : {}),
    now,
    verifySignature,
    fingerprint,
    sha1,
  };
  return { diagnosis: diagnose(facts), project, broker, files, facts };
}

function certificateFolders({ certificates, base, folder }: DiagnosisRequest, { identity }: ProjectFacts): string[] {
  const given = certificates.map((path) => (isAbsolute(path) ? path : join(base, path)));
  return folder && identity ? [...given, resolve(folder, identity.folder)] : given;
}

/** PEM texts given as options stand for what the project holds. */
function withOptions(project: ProjectFacts, request: DiagnosisRequest): ProjectFacts {
  const fact = (text: string | undefined, option: string): PemFact | undefined =>
    text === undefined ? undefined : readPemFact(text, { file: option, start: 0, end: 0, line: 1 }, 'file', undefined);
  const ca = fact(request.ca, '--ca');
  const clientCertificate = fact(request.certificate, '--cert');
  const clientKey = fact(request.key, '--key');
  return {
    ...project,
    ...(ca ? { ca } : {}),
    ...(clientCertificate ? { clientCertificate } : {}),
    ...(clientKey ? { clientKey } : {}),
  };
}
