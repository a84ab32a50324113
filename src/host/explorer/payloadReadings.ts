// What a payload is beyond its bytes: Sparkplug B, protobuf by a .proto file, an image. What was encrypted is opened
// before it comes here (io/payloadOpener.ts).
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { UserError } from '../../core/errors';
import { imageSize } from '../../core/mqtt/imageSize';
import { payloadText } from '../../core/mqtt/payloadKind';
import { isSparkplugTopic, sparkplugText } from '../../core/mqtt/sparkplug';
import { filterMatches, filterProblem } from '../../core/mqtt/topicFilter';
import { messageText, rawMessageText } from '../../core/protobuf/messageText';
import { parseProto } from '../../core/protobuf/parseProto';
import type { PayloadReading } from '../../protocol/explorerModel';

/** One entry of the setting `secureIot.explorer.protobuf`. */
export interface ProtobufTopics {
  /** Topic filter. */
  readonly topics: string;
  /** The .proto file, absolute or relative to the workspace folder. */
  readonly file: string;
  /** Full name, or the last part of it. */
  readonly message: string;
}

export interface ReadingPlaces {
  readonly workspace: string | undefined;
  readonly protobuf: readonly ProtobufTopics[];
}

const MAX_TEXT = 200_000;
const MAX_IMAGE_BYTES = 4_000_000;
const MAX_PIXELS = 40_000_000;

/** The readings, the one that fits best first. What fails is told in the reading's own text. */
export async function payloadReadings(
  topic: string,
  payload: Uint8Array,
  places: ReadingPlaces,
): Promise<PayloadReading[]> {
  if (payload.length === 0) return [];
  const readings: PayloadReading[] = [];
  const entry = places.protobuf.find(
    ({ topics }) => filterProblem(topics) === undefined && filterMatches(topics, topic),
  );
  if (entry) readings.push(await withSchema(entry, payload, places.workspace));
  else if (isSparkplugTopic(topic)) readings.push(...textReading('Sparkplug B', sparkplugText(payload)));
  const image = imageSize(payload);
  if (image) readings.push(imageReading(payload, image));
  if (!entry && !image && payloadText(payload) === undefined && readings.length === 0)
    readings.push(...textReading('Protobuf', rawMessageText(payload), RAW_NOTE));
  return readings;
}

const RAW_NOTE =
  'Fields by their numbers, as far as the bytes tell. For names set a .proto file: secureIot.explorer.protobuf';

function textReading(label: string, text: string | undefined, note: string | null = null): PayloadReading[] {
  if (text === undefined) return [];
  const cut = text.length > MAX_TEXT;
  const notes = [...(note ? [note] : []), ...(cut ? [`First ${MAX_TEXT} of ${text.length} characters`] : [])];
  // Bytes that only may be protobuf are offered, but not shown first.
  return [
    { kind: 'text', label, text: text.slice(0, MAX_TEXT), note: notes.join('. ') || null, sure: note !== RAW_NOTE },
  ];
}

async function withSchema(
  { file, message }: ProtobufTopics,
  payload: Uint8Array,
  workspace: string | undefined,
): Promise<PayloadReading> {
  const label = 'Protobuf';
  try {
    const full = path.resolve(workspace ?? '', file);
    const source = await readFile(full, 'utf8').catch(() => {
      throw new UserError('proto-unreadable', `${file} cannot be read. Check the setting secureIot.explorer.protobuf.`);
    });
    const schema = parseProto(source, file);
    const found = [...schema.messages.values()].find(({ name }) => name === message || name.endsWith(`.${message}`));
    if (!found) {
      const names = [...schema.messages.keys()].slice(0, 20).join(', ');
      throw new UserError('proto-no-message', `${file} has no message "${message}". It has: ${names || 'none'}.`);
    }
    const [reading] = textReading(label, messageText(payload, schema, found), `${found.name} of ${file}`);
    return reading ?? { kind: 'text', label, text: `These bytes are no protobuf message.`, note: null, sure: false };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kind: 'text', label, text: error.message, note: null, sure: true };
  }
}

function imageReading(
  payload: Uint8Array,
  { mediaType, width, height }: NonNullable<ReturnType<typeof imageSize>>,
): PayloadReading {
  const label = 'Image';
  const note = `${mediaType}, ${width} x ${height}`;
  if (payload.length > MAX_IMAGE_BYTES || width * height > MAX_PIXELS || width * height <= 0)
    return {
      kind: 'text',
      label,
      text: 'This image is too large to be shown here. Open it in an editor.',
      note,
      sure: true,
    };
  return { kind: 'image', label, mediaType, bytes: payload.slice(), note, sure: true };
}
