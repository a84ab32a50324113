// MQTT 5 reason codes from 0x80 on, as brokers send them in CONNACK, DISCONNECT and acknowledgements.
import type { Entry } from './entry';
import { entriesFrom, named } from './plainEntry';
import { readBrokerLog } from './shared';

const entry = entriesFrom('MQTT 5.0 section 2.4 (Reason Code), sections 3.2.2.2 and 3.14.2.1');

const limit = entry(
  'MQTT 5: the broker limits what this client does.',
  ['Too many connections, messages or bytes in a time: the quota of the account, or a reconnect loop without pause.'],
  ['Send less often, reconnect with a growing pause, or raise the limit on the broker.', readBrokerLog],
);
const malformed = entry(
  'MQTT 5: the broker received a packet that breaks the protocol.',
  ['The client library and the broker disagree on the version, or two tasks write to one connection at a time.'],
  ['Use one MQTT client from one task; update the library.', readBrokerLog],
);
const badTopic = entry(
  'MQTT 5: the broker does not accept that topic.',
  ['Wildcards in a publish topic, an empty one, "#" not at its end, or a topic that the broker forbids.'],
  ['Publish to names without + and #; in filters "#" stands alone at the end.'],
);
const unsupported = (what: string, instead: string): Entry =>
  entry(`MQTT 5: the broker does not support ${what}.`, ['Its CONNACK said so in its properties.'], [instead]);

export const mqtt5Entries: Readonly<Record<string, Entry>> = {
  MQTT5_UNSPECIFIED_ERROR: entry(
    'MQTT 5: the broker refuses and does not say why.',
    ['It has a reason it does not disclose.'],
    [readBrokerLog],
  ),
  MQTT5_MALFORMED_PACKET: malformed,
  MQTT5_PROTOCOL_ERROR: malformed,
  MQTT5_IMPLEMENT_SPECIFIC_ERROR: entry(
    'MQTT 5: the packet is valid, but the broker does not process it.',
    ['A policy or a limit of this broker.'],
    [readBrokerLog],
  ),
  MQTT5_SERVER_BUSY: entry(
    'MQTT 5: the broker is busy.',
    ['Too many clients connect at the same time.'],
    ['Try again with a growing, random pause.'],
  ),
  MQTT5_BANNED: entry(
    'MQTT 5: the broker has banned this client.',
    ['Too many failed logins or connections (flapping), or an administrator did it.'],
    ['Lift the ban on the broker, and let the board reconnect with a growing pause.'],
  ),
  MQTT5_SERVER_SHUTTING_DOWN: entry(
    'MQTT 5: the broker shuts down.',
    ['It restarts.'],
    ['Reconnect with a growing pause.'],
  ),
  MQTT5_BAD_AUTH_METHOD: entry(
    'MQTT 5: the broker does not support this way to authenticate.',
    ['The client sent an Authentication Method that the broker does not know.'],
    ['Use user and password or a client certificate, or set up the method on the broker.'],
  ),
  MQTT5_KEEP_ALIVE_TIMEOUT: entry(
    'MQTT: the broker heard nothing for one and a half keep-alive times.',
    ['The loop of the client was blocked, Wi-Fi was lost, or the board slept.'],
    ['Call the client’s loop often enough, or raise the keep-alive.'],
  ),
  ...named(
    [
      'MQTT5_TOPIC_FILTER_INVAILD',
      'MQTT5_TOPIC_FILTER_INVALID',
      'MQTT5_TOPIC_NAME_INVAILD',
      'MQTT5_TOPIC_NAME_INVALID',
    ],
    badTopic,
  ),
  ...named(
    ['MQTT5_PACKET_IDENTIFIER_IN_USE', 'MQTT5_PACKET_IDENTIFIER_NOT_FOUND'],
    entry(
      'MQTT 5: client and broker disagree on a packet identifier.',
      ['The session of one side was lost: after a restart with clean start off, for one.'],
      ['Connect with clean start, or store the session on the client.'],
    ),
  ),
  MQTT5_RECEIVE_MAXIMUM_EXCEEDED: limit,
  MQTT5_MESSAGE_RATE_TOO_HIGH: limit,
  MQTT5_QUOTA_EXCEEDED: limit,
  MQTT5_CONNECTION_RATE_EXCEEDED: limit,
  ...named(
    ['MQTT5_TOPIC_ALIAS_INVAILD', 'MQTT5_TOPIC_ALIAS_INVALID'],
    entry(
      'MQTT 5: a topic alias is not valid.',
      ['It is larger than the Topic Alias Maximum of the other side, or zero.'],
      ['Stay below the maximum of CONNACK, or use no aliases.'],
    ),
  ),
  MQTT5_PACKET_TOO_LARGE: entry(
    'MQTT 5: the packet is larger than the other side allows.',
    ['The payload exceeds the Maximum Packet Size of CONNACK (max_packet_size in mosquitto).'],
    ['Send smaller messages, or raise the limit.'],
  ),
  MQTT5_ADMINISTRATIVE_ACTION: entry(
    'MQTT 5: an administrator closed the connection.',
    ['Somebody disconnected the client on the broker.'],
    [readBrokerLog],
  ),
  ...named(
    ['MQTT5_PAYLOAD_FORMAT_INVAILD', 'MQTT5_PAYLOAD_FORMAT_INVALID'],
    entry(
      'MQTT 5: the payload is not what its format indicator says.',
      ['Payload Format Indicator 1 says UTF-8, and the bytes are not.'],
      ['Leave the indicator out for binary payloads.'],
    ),
  ),
  MQTT5_RETAIN_NOT_SUPPORT: unsupported('retained messages', 'Publish without the retain flag.'),
  MQTT5_QOS_NOT_SUPPORT: unsupported('this QoS', 'Use QoS 1 or 0 (AWS IoT Core, for one, has no QoS 2).'),
  MQTT5_SHARED_SUBSCR_NOT_SUPPORTED: unsupported('shared subscriptions', 'Subscribe without $share/.'),
  MQTT5_SUBSCRIBE_IDENTIFIER_NOT_SUPPORT: unsupported('subscription identifiers', 'Subscribe without an identifier.'),
  MQTT5_WILDCARD_SUBSCRIBE_NOT_SUPPORT: unsupported('wildcards in subscriptions', 'Subscribe to full topic names.'),
  ...named(
    ['MQTT5_USE_ANOTHER_SERVER', 'MQTT5_SERVER_MOVED'],
    entry(
      'MQTT 5: the broker sends this client to another server.',
      ['The Server Reference of the packet names it.'],
      ['Connect to that server; for good where it says "moved".'],
    ),
  ),
  MQTT5_MAXIMUM_CONNECT_TIME: entry(
    'MQTT 5: the connection was open for as long as the broker allows.',
    ['A limit of the broker, of a token for instance.'],
    ['Reconnect, with a fresh token where one is used.'],
  ),
};
