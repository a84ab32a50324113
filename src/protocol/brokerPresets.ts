// What well-known brokers need of a connection, so that a form can be filled in. Names in <brackets> are to be replaced.
// Sources: docs.aws.amazon.com/iot developerguide protocols (8883: client certificate, SNI required, no ALPN; 443: ALPN
// x-amzn-mqtt-ca); learn.microsoft.com iot-hub-mqtt-support (8883, MQTT 3.1.1, TLS only); docs.emqx.com/cloud port guide
// (8883 and 8084, TLS only, one-way); docs.hivemq.com hivemq-cloud authn-authz (credentials under Access Management).
import type { ConnectionProfile } from '../core/mqtt/connectionProfile';

export interface BrokerPreset {
  readonly name: string;
  readonly fields: Partial<ConnectionProfile>;
  /** What to fill in. */
  readonly advice: string;
}

export const BROKER_PRESETS: readonly BrokerPreset[] = [
  {
    name: 'Mosquitto with TLS',
    fields: { protocol: 'mqtts', port: 8883, trust: { type: 'workspace' } },
    advice:
      "Type the broker's host name. Choose the CA that signed its certificate, and a client certificate if it asks.",
  },
  {
    name: 'HiveMQ Cloud',
    fields: { protocol: 'mqtts', host: '<cluster>.s1.eu.hivemq.cloud', port: 8883, trust: { type: 'system' } },
    advice: "Copy the cluster's URL from its overview page; user name and password are made under Access Management.",
  },
  {
    name: 'AWS IoT Core',
    fields: {
      protocol: 'mqtts',
      host: '<account>-ats.iot.<region>.amazonaws.com',
      port: 8883,
      trust: { type: 'system' },
      identity: { type: 'file', certificate: '', key: '' },
    },
    advice:
      'Copy the endpoint from Settings, pick the certificate and key of the thing. Its policy must allow this client ID and the filter #. Through a firewall: port 443 with ALPN x-amzn-mqtt-ca.',
  },
  {
    name: 'EMQX Cloud',
    fields: { protocol: 'mqtts', host: '<deployment>.emqxsl.com', port: 8883, trust: { type: 'system' } },
    advice: "Copy the address from the deployment's overview; user name and password are made under Access Control.",
  },
  {
    name: 'Azure IoT Hub',
    fields: {
      protocol: 'mqtts',
      host: '<hub>.azure-devices.net',
      port: 8883,
      version: '3.1.1',
      trust: { type: 'system' },
      clientId: '<device>',
      username: '<hub>.azure-devices.net/<device>/?api-version=2021-04-12',
      subscriptions: [{ filter: 'devices/<device>/messages/devicebound/#', qos: 1 }],
    },
    advice:
      'Replace the names in brackets. The password is a SAS token of the device, or pick its certificate. It is no general broker: only its own topics work.',
  },
];
