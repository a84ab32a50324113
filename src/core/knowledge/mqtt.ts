// Why an MQTT client could not connect: PubSubClient, CONNACK codes, esp-mqtt, MQTT 5, Arduino's TLS client, HTTPClient.
import type { CauseRule, Entry } from './entry';
import { longerHttpTimeout, longerSocketTimeout, talkativeCore } from './repairs';
import { ARDUINO_SSL, diagnose, LOW_MEMORY, readBrokerLog } from './shared';

const PUBSUBCLIENT = 'PubSubClient src/PubSubClient.h';
const CONNACK = 'MQTT 3.1.1 section 3.2.2.3; esp-mqtt include/mqtt_client.h';

/** What lines above say about a TCP or TLS failure that the MQTT client does not pass on. */
const causesAbove: readonly CauseRule[] = [
  {
    text: 'The TLS handshake failed: the code in the line above is the cause.',
    source: 'PubSubClient issues #185, #446, #827',
    evidence:
      /start_ssl_client: ?-\d{3,}|\(-\d{2,5}\) (?:X509|SSL|UNKNOWN|NET|PK)|mbedtls_\w+ returned -0x|-0x[2-7][0-9a-f]{3}\b|TLS (?:connection )?error:? -?[1-9]|MbedTLS message code|BSSL:.*(?:failed|Error)|SSL error: /i,
    needsEvidence: true,
  },
  {
    text: 'The name of the broker could not be resolved.',
    source: 'arduino-esp32 NetworkManager.cpp (hostByName)',
    evidence: /DNS Failed|getaddrinfo|couldn't get hostname/i,
    needsEvidence: true,
  },
  {
    text: 'The TCP connection could not be opened: wrong address or port, or nothing listens there.',
    source: 'arduino-esp32 NetworkClient.cpp (connect)',
    evidence:
      /errno:? ?(?:104|111|113|116|118|128)|connect on fd|select returned due to timeout|Connect to Server failed|connection refused/i,
    needsEvidence: true,
  },
  {
    text: 'The board ran out of memory for TLS.',
    source: 'mbedtls issue #663; arduino-esp32 issue #211',
    evidence: LOW_MEMORY,
    needsEvidence: true,
  },
];

const credentials: Entry = {
  title: 'The broker refused the user name and password.',
  causes: [
    { text: 'User name or password wrong, or given in another order than the client expects.', source: CONNACK },
    {
      text: 'The broker allows no anonymous clients and the board sent no user name.',
      source: 'mosquitto.conf(5) allow_anonymous',
      evidence: /allow_anonymous/,
    },
  ],
  fixes: [{ text: 'Try the same user and password with mosquitto_sub from a computer.' }, readBrokerLog],
  sources: [CONNACK],
};
const unauthorized: Entry = {
  title: 'The broker does not authorize this client.',
  causes: [
    {
      text: 'The user or the client id has no permission, or the broker wants a login (mosquitto 2 allows none anonymous by default).',
      source: 'mosquitto 2.0 release notes; mosquitto.conf(5) allow_anonymous',
    },
    {
      text: 'The client certificate is valid, but its name is not allowed by the access list (use_identity_as_username).',
      source: 'mosquitto.conf(5)',
    },
  ],
  fixes: [{ text: 'Give the board a user of the broker, and allow that user its topics.' }, readBrokerLog],
  sources: [CONNACK],
};
const clientId: Entry = {
  title: 'The broker refused the client id.',
  causes: [{ text: 'Empty, too long, or with characters the broker does not take.', source: CONNACK }],
  fixes: [{ text: 'Use a short id of letters and digits, one for each board.' }],
  sources: [CONNACK],
};
const unavailable: Entry = {
  title: 'The broker says it is unavailable.',
  causes: [{ text: 'It is starting, overloaded, or limits the connections of the account.', source: CONNACK }],
  fixes: [{ text: 'Try again with a growing pause.' }, readBrokerLog],
  sources: [CONNACK],
};
const protocol: Entry = {
  title: 'The broker does not speak this MQTT version.',
  causes: [
    { text: 'The client asks for MQTT 3.1 or 5 and the broker takes 3.1.1 only, or the reverse.', source: CONNACK },
  ],
  fixes: [{ text: 'Set the version on one side: MQTT_VERSION in PubSubClient.h, session.protocol_ver in esp-mqtt.' }],
  sources: [CONNACK],
};
const tookOver: Entry = {
  title: 'Another client connected with the same client id, so the broker dropped this one.',
  causes: [
    {
      text: 'Two boards carry the same id, or a board reconnects before its old connection is gone.',
      source: 'MQTT 5 section 3.14.2.1',
    },
  ],
  fixes: [{ text: 'Give each board its own client id, for example from its MAC address.' }],
  sources: ['MQTT 5 section 3.14.2.1'],
};

export const mqttEntries: Readonly<Record<string, Entry>> = {
  MQTT_CONNECT_FAILED: {
    title: 'PubSubClient could not open the connection; it does not pass on why.',
    causes: [
      ...causesAbove,
      {
        text: 'Wrong host or port, no route, a firewall, or a TLS handshake that failed without a log line.',
        source: PUBSUBCLIENT,
      },
    ],
    fixes: [
      diagnose,
      talkativeCore('the TLS client then prints its code above this line.'),
      { text: 'Print wifiClient.lastError(buffer, size) after the failed connect().', platforms: ['arduino-esp32'] },
      { text: 'Print client.getLastSSLError(buffer, size) after the failed connect().', platforms: ['esp8266'] },
    ],
    sources: [PUBSUBCLIENT],
  },
  MQTT_CONNECTION_TIMEOUT: {
    title: 'The connection is open, but the broker did not answer CONNECT in time.',
    causes: [
      {
        text: 'The port speaks TLS and the client does not, or the reverse: each side waits for the other.',
        source: 'PubSubClient src/PubSubClient.cpp (MQTT_SOCKET_TIMEOUT)',
        evidence: /:8883|:1883|port[ :=]+(?:8883|1883)/,
      },
      {
        text: 'The broker is slow, or the link is.',
        source: 'PubSubClient src/PubSubClient.cpp (MQTT_SOCKET_TIMEOUT, 15 s)',
      },
    ],
    fixes: [{ text: 'Check port and client: WiFiClientSecure for 8883, WiFiClient for 1883.' }, longerSocketTimeout],
    sources: [PUBSUBCLIENT],
  },
  MQTT_CONNECTION_LOST: {
    title: 'The connection was there and broke.',
    causes: [
      ...causesAbove,
      { text: 'Wi-Fi or the broker dropped it, or loop() was not called within the keep-alive.', source: PUBSUBCLIENT },
    ],
    fixes: [{ text: 'Call client.loop() often, and reconnect with a growing pause.' }, readBrokerLog],
    sources: [PUBSUBCLIENT],
  },
  MQTT_DISCONNECTED: {
    title: 'The client is not connected: connect() was not called, or disconnect() was.',
    causes: [
      { text: 'state() was read before the first connect(), or after a clean disconnect().', source: PUBSUBCLIENT },
      ...causesAbove,
    ],
    fixes: [{ text: 'Read state() right after connect() returns false.' }],
    sources: [PUBSUBCLIENT],
  },
  MQTT_CONNECT_BAD_PROTOCOL: protocol,
  MQTT_CONNECT_BAD_CLIENT_ID: clientId,
  MQTT_CONNECT_UNAVAILABLE: unavailable,
  MQTT_CONNECT_BAD_CREDENTIALS: credentials,
  MQTT_CONNECT_UNAUTHORIZED: unauthorized,
  MQTT_CONNECTION_REFUSE_PROTOCOL: protocol,
  MQTT_CONNECTION_REFUSE_ID_REJECTED: clientId,
  MQTT_CONNECTION_REFUSE_SERVER_UNAVAILABLE: unavailable,
  MQTT_CONNECTION_REFUSE_BAD_USERNAME: credentials,
  MQTT_CONNECTION_REFUSE_NOT_AUTHORIZED: unauthorized,
  MQTT_BAD_USER_NAME_OR_PASSWORD: credentials,
  MQTT_NOT_AUTHORIZED: unauthorized,
  MQTT_IDENTIFIER_REJECTED: clientId,
  MQTT_SERVER_UNAVAILABLE: unavailable,
  MQTT_UNACCEPTABLE_PROTOCOL_VERSION: protocol,
  MQTT5_BAD_USERNAME_OR_PWD: credentials,
  MQTT5_NOT_AUTHORIZED: unauthorized,
  MQTT5_SERVER_UNAVAILABLE: unavailable,
  MQTT5_UNSUPPORTED_PROTOCOL_VER: protocol,
  MQTT5_INVAILD_CLIENT_ID: clientId,
  MQTT5_INVALID_CLIENT_ID: clientId,
  MQTT5_SESSION_TAKEN_OVER: tookOver,
  MQTT_TRANSPORT_CONNECT: {
    title: 'esp-mqtt could not open its connection.',
    causes: [
      ...causesAbove,
      {
        text: 'The lines before, at a more talkative log level, name the step that failed.',
        source: 'esp-mqtt mqtt_client.c (esp_transport_connect)',
      },
    ],
    fixes: [
      diagnose,
      {
        text: 'Print error_handle of MQTT_EVENT_ERROR: esp_tls_last_esp_err, esp_tls_stack_err, esp_transport_sock_errno.',
        platforms: ['esp-idf'],
      },
    ],
    sources: ['esp-mqtt mqtt_client.c'],
  },
  START_SSL_CLIENT_FAILED: {
    title: 'The TLS client gave up before Mbed TLS had a code to give: -1 stands for several causes.',
    causes: [
      ...causesAbove.slice(1),
      {
        text: 'The TCP connection was not opened in time or was refused: "connect on fd", "select returned due to timeout" or "Connect to Server failed" stands above.',
        source: ARDUINO_SSL,
        evidence: /connect on fd|select returned due to (?:timeout|error)|Connect to Server failed/,
      },
      {
        text: 'No socket was free: "ERROR opening socket" stands above.',
        source: ARDUINO_SSL,
        evidence: /ERROR opening socket/,
      },
      {
        text: 'No CA certificate is set and setInsecure() was not called: nothing of TLS is printed before the -1.',
        source: ARDUINO_SSL,
      },
      {
        text: 'The handshake took longer than its timeout (120 s unless set): "Performing the SSL/TLS handshake" is the last step above.',
        source: ARDUINO_SSL,
        evidence: /Performing the SSL\/TLS handshake/,
      },
      {
        text: 'The pre-shared key is too long or not valid hex: a line above says so.',
        source: ARDUINO_SSL,
        evidence: /pre-shared key not valid/i,
      },
    ],
    fixes: [
      talkativeCore('the step that failed is the last one printed.'),
      { text: 'Call client.setCACert(ROOT_CA) before connect().' },
      diagnose,
    ],
    sources: [ARDUINO_SSL],
  },
  TCP_DISCONNECTED: {
    title: 'The MQTT client lost its connection, or never got one; it does not pass on why.',
    causes: [
      ...causesAbove,
      {
        text: 'TCP or TLS failed, or the broker closed the connection.',
        source: 'async-mqtt-client DisconnectReasons.hpp',
      },
    ],
    fixes: [diagnose, readBrokerLog],
    sources: ['async-mqtt-client src/AsyncMqttClient/DisconnectReasons.hpp; espMqttClient src/TypeDefs.h'],
  },
  MQTT_MALFORMED_CREDENTIALS: credentials,
  ESP8266_NOT_ENOUGH_SPACE: {
    title: 'The MQTT client has no room for the packet in its send buffer.',
    causes: [
      {
        text: 'The heap of the ESP8266 or the TCP buffer is too small for the message.',
        source: 'async-mqtt-client DisconnectReasons.hpp',
      },
    ],
    fixes: [{ text: 'Send smaller messages, and not several at once.' }],
    sources: ['async-mqtt-client src/AsyncMqttClient/DisconnectReasons.hpp'],
  },
  TLS_BAD_FINGERPRINT: {
    title: "The fingerprint in the firmware is not that of the broker's certificate.",
    causes: [
      {
        text: 'The broker got a new certificate: a fingerprint fits one certificate only, and Let’s Encrypt renews every 60 to 90 days.',
        source: 'async-mqtt-client DisconnectReasons.hpp',
      },
      {
        text: 'It is the SHA-256 fingerprint where SHA-1 is expected, or the other way round.',
        source: 'async-mqtt-client README',
      },
    ],
    fixes: [
      { text: 'Check by CA instead; or take the fingerprint again: openssl x509 -in FILE -noout -fingerprint -sha1' },
      diagnose,
    ],
    sources: ['async-mqtt-client src/AsyncMqttClient/DisconnectReasons.hpp'],
  },
  HTTPC_ERROR_CONNECTION_REFUSED: httpConnect(),
  HTTPC_ERROR_CONNECTION_FAILED: httpConnect(),
  HTTPC_ERROR_READ_TIMEOUT: {
    title: 'The HTTP server did not answer in time.',
    causes: [
      {
        text: 'A slow server or link, or a body longer than the timeout allows.',
        source: 'arduino-esp32 HTTPClient.h (HTTPCLIENT_DEFAULT_TCP_TIMEOUT, 5000 ms)',
      },
    ],
    fixes: [longerHttpTimeout],
    sources: ['arduino-esp32 libraries/HTTPClient/src/HTTPClient.h'],
  },
};

function httpConnect(): Entry {
  return {
    title: 'HTTPClient could not connect: "refused" stands for every failure to connect, TLS included.',
    causes: [
      ...causesAbove,
      {
        text: 'Wrong host or port, no route, or a failed TLS handshake.',
        source: 'arduino-esp32 libraries/HTTPClient/src/HTTPClient.cpp (connect)',
      },
    ],
    fixes: [{ text: 'Look at the lines above for the TLS or socket error.' }],
    sources: ['arduino-esp32 libraries/HTTPClient/src/HTTPClient.h'],
  };
}
