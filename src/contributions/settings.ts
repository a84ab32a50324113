// The extension's settings, with their defaults; readSetting() is typed by them.

/** Key: the setting's full id. `default` types it. No key, password or token ever goes into a setting. */
export const settings = {
  'secureIot.certificates.folder': {
    type: 'string',
    default: 'certs',
    scope: 'resource',
    markdownDescription:
      'Folder of the certificates, relative to the workspace folder. It gets a `.gitignore` of its own before the first private key is written.',
  },
  'secureIot.certificates.keyType': {
    type: 'string',
    enum: ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096'],
    default: 'ecdsa-p256',
    scope: 'resource',
    markdownDescription:
      'Keys of new certificates. ECDSA P-256 is small, fast on a board, and verified by all of them; RSA is for boards built without elliptic curves.',
  },
  'secureIot.certificates.boardStack': {
    type: 'string',
    enum: ['any', 'mbedtls-2.28', 'mbedtls-3', 'mbedtls-3.5', 'bearssl', 'bearssl-basic'],
    enumDescriptions: [
      'Any board',
      'Mbed TLS 2.28 (ESP-IDF 4, Arduino-ESP32 2)',
      'Mbed TLS 3.0 to 3.4 (ESP-IDF 5.0 and 5.1)',
      'Mbed TLS 3.5 and later (ESP-IDF 5.2 and later)',
      'BearSSL (ESP8266)',
      'BearSSL with "Basic SSL ciphers" (ESP8266): RSA only',
    ],
    default: 'any',
    scope: 'resource',
    markdownDescription:
      'The TLS stack of your boards: decides how IP addresses stand in broker certificates, and which keys are refused because the boards cannot verify them.',
  },
  'secureIot.certificates.crlUrl': {
    type: 'string',
    default: '',
    scope: 'resource',
    markdownDescription:
      'Address from which clients can fetch the revocation list `ca/ca.crl`, for new certificates (a CRL distribution point). Empty: none; mosquitto reads the list from a file.',
  },
  'secureIot.boards.addresses': {
    type: 'array',
    items: { type: 'string' },
    default: [] as readonly string[],
    scope: 'resource',
    markdownDescription: 'Boards reached over the network: `socket://host:port` or `rfc2217://host:port`.',
  },
  'secureIot.monitor.baudRate': {
    type: 'number',
    default: 115200,
    scope: 'resource',
    markdownDescription: 'Baud rate of the serial monitor.',
  },
  'secureIot.monitor.lineEnding': {
    type: 'string',
    enum: ['crlf', 'lf', 'cr', 'none'],
    default: 'crlf',
    scope: 'resource',
    markdownDescription: 'What Enter sends in the serial monitor: CR LF, LF, CR or nothing.',
  },
  'secureIot.broker.port': {
    type: 'number',
    default: 8883,
    minimum: 1,
    maximum: 65535,
    scope: 'resource',
    markdownDescription: 'Port of the local TLS broker.',
  },
  'secureIot.broker.host': {
    type: 'string',
    default: '0.0.0.0',
    scope: 'resource',
    markdownDescription:
      'Address that the local TLS broker listens on: `0.0.0.0` so that boards on your network reach it, `127.0.0.1` for this machine only.',
  },
  'secureIot.broker.requireClientCertificate': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    markdownDescription:
      'The local TLS broker lets only clients in that show a certificate of your authority (mutual TLS).',
  },
  'secureIot.broker.user': {
    type: 'string',
    default: '',
    scope: 'resource',
    markdownDescription:
      'User name that clients of the local TLS broker must log in with; empty: no login. The password is asked for when the broker starts, and kept in the secret storage.',
  },
  'secureIot.broker.webSocketPort': {
    type: 'number',
    default: 0,
    minimum: 0,
    maximum: 65535,
    scope: 'resource',
    markdownDescription: 'Port on which the local TLS broker also takes MQTT over WebSocket (`wss`); 0: none.',
  },
  'secureIot.flash.baudRate': {
    type: 'number',
    default: 921600,
    scope: 'resource',
    markdownDescription: 'Baud rate that flashing switches to once the chip answers.',
  },
  'secureIot.flash.onlyChanged': {
    type: 'boolean',
    default: false,
    scope: 'resource',
    markdownDescription:
      'Flashing leaves sectors alone that hold already what they should, compared by MD5. Faster where little has changed.',
  },
  'secureIot.provisioning.target': {
    type: 'string',
    enum: ['auto', 'nvs', 'secure-cert', 'littlefs'],
    enumDescriptions: [
      'The partition esp_secure_cert where the board has one, else NVS',
      'NVS, as the firmware template "nvs" reads it',
      "The partition esp_secure_cert, as Espressif's esp_secure_cert_mgr reads it",
      'Files in LittleFS, as the firmware template "littlefs" reads them',
    ],
    default: 'auto',
    scope: 'resource',
    markdownDescription: 'Where **Provision Device…** puts the CA, the certificate and the key of a device.',
  },
  'secureIot.explorer.protobuf': {
    type: 'array',
    items: {
      type: 'object',
      required: ['topics', 'file', 'message'],
      properties: {
        topics: { type: 'string', description: 'Topic filter, for example site/+/telemetry.' },
        file: { type: 'string', description: 'The .proto file, relative to the workspace folder.' },
        message: { type: 'string', description: 'Name of the message in it.' },
      },
    },
    default: [] as readonly { readonly topics: string; readonly file: string; readonly message: string }[],
    scope: 'resource',
    markdownDescription:
      'Which topics carry Protocol Buffers, and the `.proto` file that says what they mean. The MQTT Explorer then shows their fields by name.',
  },
} as const;

export type SettingId = keyof typeof settings;

type Widen<T> = T extends string ? string : T extends number ? number : T extends boolean ? boolean : T;
/** The type of a setting's value, read from its default. */
export type SettingValue<K extends SettingId> = Widen<(typeof settings)[K]['default']>;
