// What the MQTT Explorer's pane and its host say to each other. The pane asks; the host answers and tells of changes.
import { MAX_TOPIC, profile, subscription } from '../core/mqtt/connectionProfile';
import { publication } from '../core/mqtt/publication';
import { flag, integer, nullable, oneOf, type Parsed, text, union } from '../core/parse';
import type { ExplorerEvent, MessageView, NumberSeries, Snapshot, TopicHistory, TopicRows } from './explorerModel';

const id = integer(1, Number.MAX_SAFE_INTEGER);
const secret = nullable(text(65_536));

/** Commands of ours that a button in the pane may run. */
const runnable = oneOf(
  'secureIot.startBroker',
  'secureIot.generateCertificates',
  'secureIot.diagnoseConnection',
  'secureIot.importConnections',
  'secureIot.showLog',
);

export const paneRequest = union({
  /** First of all: answered with everything that the pane shows. */
  ready: {},
  /** `password` and `passphrase` go one way, into SecretStorage; null keeps what is stored, an empty text forgets it. */
  connect: { profile, password: secret, passphrase: secret },
  disconnect: {},
  saveProfile: { profile, password: secret, passphrase: secret },
  deleteProfile: { profile: text(64) },
  pickFile: { purpose: oneOf('authority', 'certificate', 'key', 'payload') },
  subscribe: { subscription },
  unsubscribe: { filter: text(MAX_TOPIC) },
  /** The rows that are on the screen: answered now, and told again when they change. */
  showRows: { start: integer(0, 100_000_000), count: integer(0, 500) },
  expand: { row: id, expanded: flag },
  expandAll: { expanded: flag },
  search: { text: text(MAX_TOPIC) },
  select: { row: nullable(id) },
  readMessage: { row: id, message: id },
  openMessage: { row: id, message: id },
  copyMessage: { row: id, message: id },
  copyTopic: { row: id },
  pause: { paused: flag },
  clear: {},
  publish: publication,
  /** The text of an editor, to be published: null when none was chosen. */
  editorText: {},
  /** Publishes now and then every `everyMs`, until `stopRepeating`, a failure or the end of the connection. */
  repeat: { ...publication, everyMs: integer(50, 86_400_000) },
  stopRepeating: {},
  /** Numbers in the kept messages of a topic, over time. */
  series: { row: id },
  clearRetained: { row: id, recursive: flag },
  /** The host asks for the format and the place. */
  exportMessages: { row: nullable(id) },
  /** Runs the TLS test against the profile's address; `report` events tell how it goes. */
  testTls: { profile, password: secret, passphrase: secret },
  cancelTest: {},
  saveReport: { format: oneOf('markdown', 'json', 'sarif') },
  run: { command: runnable },
});
export type PaneRequest = Parsed<typeof paneRequest>;

/** Key: a request's type. */
export interface PaneResults {
  ready: Snapshot;
  connect: null;
  disconnect: null;
  saveProfile: null;
  deleteProfile: null;
  /** The file's path, or null when nothing was picked. */
  pickFile: string | null;
  subscribe: null;
  unsubscribe: null;
  showRows: TopicRows;
  expand: null;
  expandAll: null;
  search: null;
  select: TopicHistory | null;
  readMessage: MessageView;
  openMessage: null;
  copyMessage: null;
  copyTopic: null;
  pause: null;
  clear: null;
  publish: null;
  editorText: string | null;
  repeat: null;
  stopRepeating: null;
  series: readonly NumberSeries[];
  clearRetained: null;
  exportMessages: null;
  testTls: null;
  cancelTest: null;
  saveReport: null;
  run: null;
}

export interface PaneSide {
  readonly request: PaneRequest;
  readonly results: PaneResults;
  readonly event: never;
}

export interface HostSide {
  readonly request: never;
  readonly results: Record<never, never>;
  readonly event: ExplorerEvent;
}
