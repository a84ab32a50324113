// A hardened mosquitto configuration from the workspace's certificates (mosquitto.conf(5), version 2): TLS only, nobody
// anonymous, every device in its own part of the topic tree.
import { UserError } from '../errors';

export interface MosquittoRequest {
  readonly port: number;
  /** Folder of the certificates as mosquitto sees it, with / between its parts. */
  readonly certificates: string;
  /** Folder of the files that this makes, as mosquitto sees it. */
  readonly configuration: string;
  /** Name of the pair in broker/. */
  readonly broker: string;
  /** Who gets in: a client certificate of the CA (its CN is the user name), or a user name and a password. */
  readonly login: 'certificate' | 'password';
  /** Files in the certificates folder; a revocation list is used where there is one. */
  readonly revocationList?: string;
  /** User names that may read and write everything, for people and services. */
  readonly administrators: readonly string[];
  /** Also a compose file that runs it in a container. */
  readonly compose: boolean;
}

export interface GeneratedFile {
  readonly name: string;
  readonly text: string;
}

/** Throws UserError `mosquitto-name` for a name that would end a line or a word of the configuration. */
export function mosquittoFiles(request: MosquittoRequest): GeneratedFile[] {
  for (const text of [request.broker, request.certificates, request.configuration, ...request.administrators]) {
    if (/[\p{Cc}]/u.test(text) || text.trim() !== text || text === '') {
      throw new UserError('mosquitto-name', `"${text}" cannot stand in a mosquitto configuration. Use a plain name.`);
    }
  }
  const files = [
    { name: 'mosquitto.conf', text: configuration(request) },
    { name: 'acl', text: accessList(request) },
  ];
  return request.compose ? [...files, { name: 'compose.yaml', text: composeFile(request) }] : files;
}

function configuration(request: MosquittoRequest): string {
  const { port, certificates, configuration: folder, broker, login, revocationList } = request;
  const lines = [
    '# Made by Secure IoT. One listener, TLS only; there is no plain port 1883, because nothing here opens one.',
    `listener ${port}`,
    `certfile ${certificates}/broker/${broker}.crt`,
    `keyfile ${certificates}/broker/${broker}.key`,
    '# The oldest version taken. mosquitto takes exactly one value here.',
    'tls_version tlsv1.2',
    '',
  ];
  if (login === 'certificate') {
    lines.push(
      '# Mutual TLS: a client shows a certificate of this CA, and its common name becomes its user name.',
      `cafile ${certificates}/ca/ca.crt`,
      'require_certificate true',
      'use_identity_as_username true',
      ...(revocationList ? ['# Read again on SIGHUP.', `crlfile ${certificates}/${revocationList}`] : []),
    );
  } else {
    lines.push(
      '# User name and password over TLS. Make the file with: mosquitto_passwd -c passwords NAME',
      `password_file ${folder}/passwords`,
    );
  }
  lines.push(
    '',
    'allow_anonymous false',
    `acl_file ${folder}/acl`,
    '',
    '# Limits, so that one client cannot take all of the memory.',
    'max_packet_size 1048576',
    'max_queued_messages 1000',
    'max_inflight_messages 20',
    'persistent_client_expiration 14d',
    '',
    'log_dest stderr',
    'log_type error',
    'log_type warning',
    'log_type notice',
    'connection_messages true',
  );
  return `${lines.join('\n')}\n`;
}

function accessList({ administrators }: MosquittoRequest): string {
  const lines = [
    '# Made by Secure IoT. %u is the user name: with client certificates, the common name.',
    '# Every device reads and writes under devices/NAME/ and nowhere else.',
    'pattern readwrite devices/%u/#',
    ...administrators.flatMap((name) => ['', `user ${name}`, 'topic readwrite #', 'topic read $SYS/#']),
  ];
  return `${lines.join('\n')}\n`;
}

function composeFile({ port }: MosquittoRequest): string {
  return `# Made by Secure IoT. Run with: docker compose up -d
services:
  mosquitto:
    image: eclipse-mosquitto:2
    restart: unless-stopped
    command: mosquitto -c /mosquitto/config/mosquitto.conf
    ports:
      - "${port}:${port}"
    volumes:
      - ./mosquitto.conf:/mosquitto/config/mosquitto.conf:ro
      - ./acl:/mosquitto/config/acl:ro
      - \${CERTIFICATES:-../certs}:/mosquitto/certs:ro
`;
}
