// The topic store as the pane sees it: rows, histories and messages by id, cut to what a screen needs.
import { UserError } from '../../core/errors';
import type { ExportedMessage } from '../../core/mqtt/messageExport';
import { numberSeries } from '../../core/mqtt/numberSeries';
import { summarizePayload } from '../../core/mqtt/payloadKind';
import type { PublishFrame } from '../../core/mqtt/publishTap';
import { RowRates } from '../../core/mqtt/rowRates';
import { type RowPlace, TopicRows } from '../../core/mqtt/topicRows';
import { type StoreLimits, TopicStore } from '../../core/mqtt/topicStore';
import { ROOT } from '../../core/mqtt/topicTable';
import type { ReceivedMessage } from '../../io/mqtt/mqttSession';
import type {
  MessageView,
  NumberSeries,
  TopicRows as RowWindow,
  TopicHistory,
  TopicRow,
  TrafficStats,
} from '../../protocol/explorerModel';

/** First bytes of a payload that go to the pane; an editor opens all. */
export const VIEW_BYTES = 65_536;
const LISTED_MESSAGES = 200;
const CHARTED_MESSAGES = 500;
const LABEL_LENGTH = 256;
const PREVIEW_LENGTH = 120;
const TOPIC_LENGTH = 4_096;

export class TopicFeed {
  private store: TopicStore;
  private readonly list: TopicRows;
  private readonly rates = new RowRates();
  private listedSize = 0;
  private paused = false;
  private missed = 0;
  /** The pane's number of a row is its row in the table plus this: after `clear`, an old number must not name another topic. */
  private firstRow = 0;

  constructor(private readonly limits: Partial<StoreLimits> = {}) {
    this.store = new TopicStore(limits);
    this.list = new TopicRows(this.store.topics);
  }

  add(message: ReceivedMessage, timeMs: number): void {
    if (this.paused) this.missed += 1;
    else this.store.record(message.topic, message.payload, message, timeMs);
  }

  addFrame(frame: PublishFrame, timeMs: number): void {
    if (this.paused) this.missed += 1;
    else this.store.recordFrame(frame, timeMs);
  }

  /** Messages that come while paused are counted and not kept. */
  pause(paused: boolean): void {
    if (!paused) this.missed = 0;
    this.paused = paused;
  }

  clear(): void {
    this.firstRow += this.store.topics.size;
    this.store = new TopicStore(this.limits);
    this.listedSize = 0;
    this.missed = 0;
    this.list.reset(this.store.topics);
  }

  rows(start: number, count: number, nowMs: number): RowWindow {
    if (this.listedSize !== this.store.topics.size) this.list.changed();
    this.listedSize = this.store.topics.size;
    return {
      total: this.list.total,
      start,
      rows: this.list.window(start, count).map((place) => this.rowView(place, nowMs)),
    };
  }

  expand(row: number, expanded: boolean): void {
    this.list.expand(this.at(row), expanded);
  }

  expandAll(expanded: boolean): void {
    this.list.expandAll(expanded);
  }

  search(matches: ((topic: string) => boolean) | undefined): void {
    this.list.search(matches);
  }

  topic(row: number): string {
    return this.store.topics.path(this.at(row));
  }

  /** Null when the row is gone. */
  history(row: number): TopicHistory | null {
    const at = this.known(row);
    if (at === undefined) return null;
    const { received, dropped, kept } = this.store.facts(at);
    const messages = this.store.history(at, LISTED_MESSAGES).map((message) => ({
      id: message.id,
      timeMs: message.timeMs,
      bytes: message.totalBytes,
      qos: message.qos,
      retained: message.retain,
      duplicate: message.duplicate,
      preview: summarizePayload(message.payload, PREVIEW_LENGTH).preview,
    }));
    return { row, topic: shorten(this.store.topics.path(at), TOPIC_LENGTH), received, dropped, kept, messages };
  }

  /** Throws UserError `message-gone` when it is no longer kept. */
  message(row: number, id: number): { readonly topic: string; readonly payload: Uint8Array } {
    const { message, topic } = this.find(row, id);
    return { topic, payload: message.payload };
  }

  /** The same where every byte of it was kept. */
  whole(row: number, id: number): { readonly topic: string; readonly payload: Uint8Array } | undefined {
    const { message, topic } = this.find(row, id);
    return message.payload.length === message.totalBytes ? { topic, payload: message.payload } : undefined;
  }

  /** Without readings: those ask files and keys, which is the window's part. */
  view(row: number, id: number): Omit<MessageView, 'readings'> {
    const { message, previous, topic } = this.find(row, id);
    return {
      id,
      topic: shorten(topic, TOPIC_LENGTH),
      timeMs: message.timeMs,
      qos: message.qos,
      retained: message.retain,
      duplicate: message.duplicate,
      bytes: message.payload.slice(0, VIEW_BYTES),
      totalBytes: message.totalBytes,
      properties: message.properties ?? [],
      previous: previous ? previous.payload.slice(0, VIEW_BYTES) : null,
    };
  }

  series(row: number): readonly NumberSeries[] {
    return numberSeries([...this.store.history(this.at(row), CHARTED_MESSAGES)].reverse());
  }

  stats(nowMs: number): TrafficStats {
    const { topics, messages, perSecond, keptBytes, droppedMessages, unlistedMessages } = this.store.stats(nowMs);
    return {
      topics,
      messages,
      perSecond: Math.round(perSecond * 10) / 10,
      keptBytes,
      droppedMessages: droppedMessages + unlistedMessages,
      paused: this.paused,
      missedWhilePaused: this.missed,
    };
  }

  /** Topics with a retained message at `row` and, with `below`, under it. */
  retainedTopics(row: number, below: boolean): readonly string[] {
    const at = this.at(row);
    if (below) return this.store.retainedTopics(at);
    return this.store.facts(at).retained ? [this.store.topics.path(at)] : [];
  }

  /** The kept messages of `row` and what is under it (null: all), oldest first within a topic. */
  *exported(row: number | null): Generator<ExportedMessage> {
    const top = row === null ? ROOT : this.at(row);
    for (const at of this.store.topicsUnder(top)) {
      const topic = this.store.topics.path(at);
      for (const message of [...this.store.history(at)].reverse()) yield { ...message, topic };
    }
  }

  private find(row: number, id: number) {
    const at = this.at(row);
    const found = this.store.message(at, id);
    if (!found) throw new UserError('message-gone', 'This message is no longer kept: newer ones took its place.');
    return { ...found, topic: this.store.topics.path(at) };
  }

  /** The row in the table; undefined when the list was cleared since. */
  private known(row: number): number | undefined {
    const at = row - this.firstRow;
    return at > ROOT && at < this.store.topics.size ? at : undefined;
  }

  private at(row: number): number {
    const at = this.known(row);
    if (at === undefined) throw new UserError('topic-gone', 'This topic is no longer in the list. Select it again.');
    return at;
  }

  private rowView({ row, depth, position, siblings, expanded }: RowPlace, nowMs: number): TopicRow {
    const { topics } = this.store;
    const { receivedBelow, topicsBelow, retained } = this.store.facts(row);
    const newest = this.store.newest(row);
    const preview = newest && summarizePayload(newest.payload, PREVIEW_LENGTH).preview;
    const id = this.firstRow + row;
    return {
      id,
      label: shorten(topics.name(row), LABEL_LENGTH),
      depth,
      position,
      siblings,
      expandable: topics.childCount(row) > 0,
      expanded,
      messages: receivedBelow,
      perSecond: this.rates.read(id, receivedBelow, nowMs),
      topics: topicsBelow,
      ...(newest && preview !== undefined
        ? { last: { timeMs: newest.timeMs, preview, bytes: newest.totalBytes, retained } }
        : {}),
    };
  }
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
