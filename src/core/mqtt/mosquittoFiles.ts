// A hardened mosquitto configuration from the workspace's certificates (mosquitto.conf(5), version 2): TLS only, nobody
// anonymous, every device in its own part of the topic tree.
import { UserError } from '../errors';
import { type MosquittoRequest, needsPasswords } from './mosquittoRequest';
import { mosquittoSteps } from './mosquittoSteps';

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
    { name: 'INSTALL.md', text: mosquittoSteps(request) },
  ];
  return request.target === 'container' ? [...files, { name: 'compose.yaml', text: composeFile(request) }] : files;
}

function configuration(request: MosquittoRequest): string {
  const { port, certificates, configuration: folder, broker, login, revocationList, plainPort } = request;
  const lines = [
    plainPort === undefined
      ? '# Made by Secure IoT. One listener, TLS only; there is no plain port 1883, because nothing here opens one.'
      : '# Made by Secure IoT. One listener with TLS, and a plain one for this machine only.',
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
  }
  if (plainPort !== undefined) {
    const address = request.target === 'container' ? '' : ' 127.0.0.1';
    lines.push(
      '',
      '# Without TLS, as asked for: passwords and data go in clear here.',
      `listener ${plainPort}${address}`,
    );
  }
  if (needsPasswords(request)) {
    lines.push(
      '',
      '# User name and password. INSTALL.md says how to make the file.',
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

function composeFile(request: MosquittoRequest): string {
  const { port, plainPort } = request;
  const plain = plainPort === undefined ? '' : `\n      - "127.0.0.1:${plainPort}:${plainPort}"`;
  const passwords = needsPasswords(request) ? '\n      - ./passwords:/mosquitto/config/passwords:ro' : '';
  return `# Made by Secure IoT. Run with: docker compose up -d
services:
  mosquitto:
    image: eclipse-mosquitto:2
    restart: unless-stopped
    command: mosquitto -c /mosquitto/config/mosquitto.conf
    ports:
      - "${port}:${port}"${plain}
    volumes:
      - ./mosquitto.conf:/mosquitto/config/mosquitto.conf:ro
      - ./acl:/mosquitto/config/acl:ro${passwords}
      - \${CERTIFICATES:-../certs}:/mosquitto/certs:ro
`;
}
