// Why mosquitto closed a client's connection, as its log says it.
import type { Entry } from './entry';
import { longerKeepAlive } from './repairs';

const MOSQUITTO_H = 'mosquitto include/mosquitto.h';

export const mosquittoEntries: Readonly<Record<string, Entry>> = {
  MOSQ_ERR_KEEPALIVE: {
    title: 'The broker heard nothing from this client for one and a half keep-alive times, and closed the connection.',
    causes: [
      {
        text: 'loop() of the client was blocked (delay(), a sensor, a long handshake), or the board slept.',
        source: 'MQTT 3.1.1 section 3.1.2.10',
      },
      {
        text: 'Wi-Fi was lost or the board restarted without closing the connection.',
        source: 'MQTT 3.1.1 section 3.1.2.10',
      },
      {
        text: 'With <unknown> as the client: the TLS handshake or CONNECT never came to its end.',
        source: 'esp8266/Arduino issue #7108',
      },
    ],
    fixes: [{ text: 'Call loop() often: between two calls less than the keep-alive must pass.' }, longerKeepAlive],
    sources: ['mosquitto include/mosquitto.h; MQTT 3.1.1 section 3.1.2.10'],
  },
  MOSQ_ERR_MALFORMED_PACKET: {
    title: 'The broker received a packet that breaks the rules of MQTT, and closed the connection.',
    causes: [
      {
        text: 'Two tasks write to one connection at once, so that their packets mix.',
        source: 'MQTT 3.1.1 section 4.8',
      },
      {
        text: 'A topic that is empty, holds + or #, or is no UTF-8: strict brokers (mosquitto 2) refuse it.',
        source: 'MQTT 3.1.1 section 4.7',
      },
      {
        text: 'The stream broke in the middle of a packet, or a library counts a length wrongly.',
        source: MOSQUITTO_H,
      },
    ],
    fixes: [
      { text: 'Publish from one task only, or behind a lock; print the topic before each publish.' },
      { text: 'Update the MQTT library of the client.' },
    ],
    sources: [MOSQUITTO_H],
  },
  MOSQ_ERR_OVERSIZE_PACKET: {
    title: 'The client sent a packet larger than the broker takes, and was disconnected.',
    causes: [{ text: 'max_packet_size of the broker is below it.', source: 'mosquitto.conf(5) max_packet_size' }],
    fixes: [{ text: 'Send smaller messages, or raise max_packet_size in mosquitto.conf.' }],
    sources: [MOSQUITTO_H],
  },
  MOSQ_ERR_PAYLOAD_SIZE: {
    title: 'The client sent a message larger than the broker takes, and was disconnected.',
    causes: [{ text: 'message_size_limit of the broker is below it.', source: 'mosquitto.conf(5) message_size_limit' }],
    fixes: [{ text: 'Send smaller messages, or raise message_size_limit in mosquitto.conf.' }],
    sources: [MOSQUITTO_H],
  },
  MOSQ_ERR_NOMEM: {
    title: 'The broker ran out of memory for this client, and disconnected it.',
    causes: [
      { text: 'memory_limit is set, or the machine is out of memory.', source: 'mosquitto.conf(5) memory_limit' },
    ],
    fixes: [{ text: 'Look at retained and queued messages (max_queued_messages), and at the memory of the machine.' }],
    sources: [MOSQUITTO_H],
  },
  MOSQ_ERR_ADMINISTRATIVE_ACTION: {
    title: 'Somebody disconnected this client at the broker.',
    causes: [
      {
        text: 'Its account was disabled or changed: the dynamic security plugin then disconnects it.',
        source: 'mosquitto plugins/dynamic-security',
      },
    ],
    fixes: [{ text: 'Ask who runs the broker; list its clients with mosquitto_ctrl dynsec listClients.' }],
    sources: [MOSQUITTO_H],
  },
  MOSQ_ERR_PROTOCOL: {
    title: 'The broker received something that is not MQTT as it expects it, and closed the connection.',
    causes: [
      {
        text: 'The client speaks without TLS to a TLS port, or with TLS to a plain one.',
        source: 'mosquitto.conf(5) listener',
        evidence: /\b8883\b|OpenSSL/,
      },
      {
        text: 'Two tasks write to one connection, or a packet is larger than the client’s buffer.',
        source: 'MQTT 3.1.1 section 4.8',
      },
    ],
    fixes: [{ text: 'Check port and client: TLS on 8883, plain MQTT on 1883; use one client from one task.' }],
    sources: [MOSQUITTO_H],
  },
};
