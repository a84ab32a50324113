// A message to be published, as the pane asks for it.

import { flag, integer, list, nullable, object, oneOf, type Parsed, text } from '../parse';
import { MAX_TOPIC } from './connectionProfile';

/** MQTT 5.0 section 1.5.4: the same bound for every text in a packet. */
const MAX_TEXT = 65_535;

/** What an MQTT 5 PUBLISH carries beside its payload (section 3.3.2.3). An empty text or null is not sent. */
const publishProperties = object({
  contentType: text(MAX_TEXT),
  responseTopic: text(MAX_TOPIC),
  correlationData: text(MAX_TEXT),
  /** Seconds. */
  messageExpiry: nullable(integer(0, 4_294_967_295)),
  /** Says that the payload is UTF-8 text. */
  utf8: flag,
  userProperties: list(object({ name: text(MAX_TEXT), value: text(MAX_TEXT) }), 100),
});
export type PublishProperties = Parsed<typeof publishProperties>;

export const publication = {
  topic: text(MAX_TOPIC),
  /** In the encoding; for `file` the path of the file whose bytes are sent, read anew each time. */
  payload: text(16_777_216),
  encoding: oneOf('text', 'hex', 'base64', 'file'),
  qos: oneOf(0, 1, 2),
  retain: flag,
  /** Null on a connection that is not MQTT 5. */
  properties: nullable(publishProperties),
};
/** One of those alone. */
export const publicationObject = object(publication);
export type Publication = Parsed<typeof publicationObject>;
