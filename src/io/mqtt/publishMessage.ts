// What is to be published, checked, and as the session takes it.
import { UserError } from '../../core/errors';
import type { ConnectionProfile } from '../../core/mqtt/connectionProfile';
import { payloadBytes } from '../../core/mqtt/payloadBytes';
import type { Publication, PublishProperties } from '../../core/mqtt/publication';
import { topicProblem } from '../../core/mqtt/topicFilter';
import type { PublishOptions } from './mqttSession';

/** MQTT 5.0 section 1.5.5: what a packet's length can say, less the topic and the properties. */
export const MAX_PUBLISH_BYTES = 268_435_455 - 200_000;

/** Throws UserError for what can be known before anything is sent. */
export function checkPublication(request: Publication, version: ConnectionProfile['version'] | undefined): void {
  const { topic, payload, encoding, properties } = request;
  const problem = topicProblem(topic) ?? (properties?.responseTopic && topicProblem(properties.responseTopic));
  if (problem) throw new UserError('topic', problem);
  if (encoding !== 'file') payloadBytes(payload, encoding);
  else if (payload === '') throw new UserError('no-file', 'Choose the file whose bytes are to be published.');
  if (properties && version !== '5')
    throw new UserError(
      'not-mqtt5',
      'Properties need MQTT 5, and this connection is MQTT 3.1.1. Choose MQTT 5.0 under "Session and Last Will" of the connection, or clear the properties.',
    );
}

/** Throws UserError for a payload that is not in its encoding, and what `readFile` throws. */
export async function publicationBytes(
  { payload, encoding }: Publication,
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  return encoding === 'file' ? readFile(payload) : payloadBytes(payload, encoding);
}

export function publishOptions({ qos, retain, properties }: Publication): PublishOptions {
  return { qos, retain, ...(properties ? { properties: packetProperties(properties) } : {}) };
}

function packetProperties({
  contentType,
  responseTopic,
  correlationData,
  messageExpiry,
  utf8,
  userProperties,
}: PublishProperties): NonNullable<PublishOptions['properties']> {
  const user: Record<string, string[]> = Object.create(null); // a name may be `__proto__`
  for (const { name, value } of userProperties) user[name] = [...(user[name] ?? []), value];
  return {
    ...(utf8 ? { payloadFormatIndicator: true } : {}),
    ...(messageExpiry === null ? {} : { messageExpiryInterval: messageExpiry }),
    ...(responseTopic ? { responseTopic } : {}),
    ...(correlationData ? { correlationData: Buffer.from(correlationData) } : {}),
    ...(contentType ? { contentType } : {}),
    ...(userProperties.length > 0 ? { userProperties: user } : {}),
  };
}
