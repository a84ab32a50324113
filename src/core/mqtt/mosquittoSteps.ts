// The installation steps that go with a generated mosquitto configuration, as Markdown.
import { type MosquittoRequest, needsPasswords } from './mosquittoRequest';

export function mosquittoSteps(request: MosquittoRequest): string {
  const steps = [
    ...INSTALL[request.target](request),
    ...passwordSteps(request),
    ...RUN[request.target](request),
    test(request),
  ];
  return [
    '# How to run this broker',
    '',
    'Made by Secure IoT together with `mosquitto.conf` and `acl`.',
    '',
    ...steps.map((step, index) => `${index + 1}. ${step.replaceAll('\n', '\n   ')}`),
    '',
    '## Afterwards',
    '',
    ...afterwards(request).map((line) => `- ${line}`),
    '',
  ].join('\n');
}

type Steps = (request: MosquittoRequest) => string[];
const shell = (...lines: readonly string[]): string => ['', '```sh', ...lines, '```'].join('\n');

const INSTALL: Readonly<Record<MosquittoRequest['target'], Steps>> = {
  here: () => [
    `Install mosquitto, and stop the service that Debian and Ubuntu start with it:${shell(
      'sudo apt-get install mosquitto mosquitto-clients',
      'sudo systemctl disable --now mosquitto',
    )}`,
  ],
  server: ({ broker, login, revocationList }) => {
    const authority =
      login === 'certificate' ? ['sudo install -D -m 644 CERTS/ca/ca.crt /etc/mosquitto/certs/ca/ca.crt'] : [];
    const list =
      login === 'certificate' && revocationList
        ? [`sudo install -D -m 644 CERTS/${revocationList} /etc/mosquitto/certs/${revocationList}`]
        : [];
    return [
      `Install mosquitto on the server:${shell('sudo apt-get install mosquitto mosquitto-clients')}`,
      `Copy the certificates there. \`CERTS\` is the certificates folder; the authority’s key (\`ca/ca.key\`) stays with you:${shell(
        ...authority,
        `sudo install -D -m 644 CERTS/broker/${broker}.crt /etc/mosquitto/certs/broker/${broker}.crt`,
        `sudo install -D -m 600 -o mosquitto CERTS/broker/${broker}.key /etc/mosquitto/certs/broker/${broker}.key`,
        ...list,
      )}`,
      `Put this configuration in place of the one that came with it:${shell(
        'sudo install -m 644 mosquitto.conf /etc/mosquitto/mosquitto.conf',
        'sudo install -m 600 -o mosquitto acl /etc/mosquitto/acl',
      )}`,
    ];
  },
  container: () => [
    'Install Docker or Podman with Compose. `compose.yaml` takes the certificates from `../certs`; set `CERTIFICATES` if they are elsewhere.',
    'mosquitto runs as user 1883 in the container. It must be able to read the broker’s key, and nobody else should:' +
      shell('sudo chown 1883 ../certs/broker/*.key'),
  ],
};

const RUN: Readonly<Record<MosquittoRequest['target'], Steps>> = {
  here: ({ configuration }) => [`Run it:${shell(`mosquitto -c "${configuration}/mosquitto.conf"`)}`],
  server: ({ port }) => [
    `Open port ${port} in the firewall, and start it:${shell('sudo systemctl enable --now mosquitto', 'sudo systemctl restart mosquitto')}`,
  ],
  container: () => [`Run it in this folder:${shell('docker compose up -d')}`],
};

function passwordSteps(request: MosquittoRequest): string[] {
  if (!needsPasswords(request)) return [];
  const folder = request.target === 'container' ? '.' : request.configuration;
  return [
    `Make the passwords; the command asks for them. The first user with \`-c\`, the others without:${shell(
      `mosquitto_passwd -c "${folder}/passwords" NAME`,
      `chmod 600 "${folder}/passwords"`,
    )}`,
  ];
}

function test({ port, login }: MosquittoRequest): string {
  const identity = login === 'certificate' ? ' --cert CERTS/devices/NAME.crt --key CERTS/devices/NAME.key' : '';
  return `Test it, from another machine as well:${shell(`secure-iot probe mqtts://HOST:${port} --ca CERTS/ca/ca.crt${identity}`)}`;
}

function afterwards({ login, revocationList, target }: MosquittoRequest): string[] {
  const reload = target === 'container' ? '`docker compose kill -s HUP mosquitto`' : '`sudo pkill -HUP mosquitto`';
  return [
    ...(login === 'certificate'
      ? [
          revocationList
            ? `After \`secure-iot certs revoke\`, copy \`${revocationList}\` again and let mosquitto read it: ${reload}. An expired list refuses every device: \`secure-iot certs crl\` makes a new one.`
            : 'To lock a device out, revoke its certificate (`secure-iot certs revoke NAME`) and make this configuration again: it then has the revocation list.',
        ]
      : []),
    `The access list and the certificates are read anew on ${reload}; a new listener needs a restart.`,
    'A log that you do not understand: `secure-iot mosquitto --explain-log FILE`.',
  ];
}
