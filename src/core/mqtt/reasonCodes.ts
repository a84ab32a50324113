// What brokers answer: MQTT 3.1.1 CONNACK return codes (section 3.2.2.3) and MQTT 5 reason codes (section 2.4).

/** Key: CONNACK return code of MQTT 3.1 and 3.1.1. */
const RETURN_CODES: Readonly<Record<number, string>> = {
  0: 'Connection accepted',
  1: 'Unacceptable protocol version',
  2: 'Client identifier rejected',
  3: 'Server unavailable',
  4: 'Bad user name or password',
  5: 'Not authorized',
};

/** Key: MQTT 5 reason code. 0 depends on the packet: see `reasonName`. */
const REASON_CODES: Readonly<Record<number, string>> = {
  0: 'Success',
  1: 'Granted QoS 1',
  2: 'Granted QoS 2',
  4: 'Disconnect with Will Message',
  16: 'No matching subscribers',
  17: 'No subscription existed',
  24: 'Continue authentication',
  25: 'Re-authenticate',
  128: 'Unspecified error',
  129: 'Malformed Packet',
  130: 'Protocol Error',
  131: 'Implementation specific error',
  132: 'Unsupported Protocol Version',
  133: 'Client Identifier not valid',
  134: 'Bad User Name or Password',
  135: 'Not authorized',
  136: 'Server unavailable',
  137: 'Server busy',
  138: 'Banned',
  139: 'Server shutting down',
  140: 'Bad authentication method',
  141: 'Keep Alive timeout',
  142: 'Session taken over',
  143: 'Topic Filter invalid',
  144: 'Topic Name invalid',
  145: 'Packet Identifier in use',
  146: 'Packet Identifier not found',
  147: 'Receive Maximum exceeded',
  148: 'Topic Alias invalid',
  149: 'Packet too large',
  150: 'Message rate too high',
  151: 'Quota exceeded',
  152: 'Administrative action',
  153: 'Payload format invalid',
  154: 'Retain not supported',
  155: 'QoS not supported',
  156: 'Use another server',
  157: 'Server moved',
  158: 'Shared Subscriptions not supported',
  159: 'Connection rate exceeded',
  160: 'Maximum connect time',
  161: 'Subscription Identifiers not supported',
  162: 'Wildcard Subscriptions not supported',
};

/** Name of a reason code as `packet` (lower case, `disconnect`, `suback`, ...) means it. */
export function reasonName(code: number, packet: string): string {
  if (code === 0 && packet === 'disconnect') return 'Normal disconnection';
  if (code === 0 && packet === 'suback') return 'Granted QoS 0';
  return REASON_CODES[code] ?? `reason code ${code}`;
}

/** Name of what a CONNACK says, of either protocol version: their numbers do not overlap but for 0. */
export function returnName(code: number): string {
  return RETURN_CODES[code] ?? REASON_CODES[code] ?? `return code ${code}`;
}
