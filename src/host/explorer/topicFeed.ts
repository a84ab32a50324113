// The topic store as the pane sees it: rows, histories and messages by id, cut to what a screen needs.
import { UserError } from '../../core/errors';
import type { ExportedMessage } from '../../core/mqtt/messageExport';
import { numberSeries } from '../../core/mqtt/numberSeries';
import { summarizePayload } from '../../core/mqtt/payloadKind';
import { RowRates } from '../../core/mqtt/rowRates';
import type { TopicNode } from '../../core/mqtt/topicNode';
import { type RowPlace, TopicRows } from '../../core/mqtt/topicRows';
import { type StoreLimits, TopicStore } from '../../core/mqtt/topicStore';
import type { ReceivedMessage } from '../../io/mqttSession';
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
  private readonly list: TopicRows<TopicNode>;
  private readonly rates = new RowRates<TopicNode>();
  private listedVersion = 0;
  private paused = false;
  private missed = 0;

  constructor(private readonly limits: Partial<StoreLimits> = {}) {
    this.store = new TopicStore(limits);
    this.list = new TopicRows(this.store.root);
  }

  add(message: ReceivedMessage, timeMs: number): void {
    if (this.paused) this.missed += 1;
    else this.store.record(message.topic, message.payload, message, timeMs);
  }

  /** Messages that come while paused are counted and not kept. */
  pause(paused: boolean): void {
    if (!paused) this.missed = 0;
    this.paused = paused;
  }

  clear(): void {
    this.store = new TopicStore(this.limits);
    this.listedVersion = 0;
    this.missed = 0;
    this.list.reset(this.store.root);
  }

  rows(start: number, count: number, nowMs: number): RowWindow {
    if (this.listedVersion !== this.store.structureVersion) this.list.changed();
    this.listedVersion = this.store.structureVersion;
    return {
      total: this.list.total,
      start,
      rows: this.list
        .window(start, count)
        .map((place) => rowOf(place, this.rates.read(place.node, place.node.receivedBelow, nowMs))),
    };
  }

  expand(row: number, expanded: boolean): void {
    this.list.expand(this.node(row), expanded);
  }

  expandAll(expanded: boolean): void {
    this.list.expandAll(expanded);
  }

  search(matches: ((topic: string) => boolean) | undefined): void {
    this.list.search(matches);
  }

  topic(row: number): string {
    return this.node(row).topic;
  }

  /** Null when the row is gone. */
  history(row: number): TopicHistory | null {
    const node = this.list.node(row);
    if (!node) return null;
    const { topic, received, dropped, kept } = node;
    const messages = this.store.history(node, LISTED_MESSAGES).map((message) => ({
      id: message.id,
      timeMs: message.timeMs,
      bytes: message.totalBytes,
      qos: message.qos,
      retained: message.retain,
      duplicate: message.duplicate,
      preview: summarizePayload(message.payload, PREVIEW_LENGTH).preview,
    }));
    return { row, topic: shorten(topic, TOPIC_LENGTH), received, dropped, kept, messages };
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
    return numberSeries([...this.store.history(this.node(row), CHARTED_MESSAGES)].reverse());
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
    const node = this.node(row);
    if (below) return this.store.retainedTopics(node);
    return node.retained ? [node.topic] : [];
  }

  /** The kept messages of `row` and what is under it (null: all), oldest first within a topic. */
  *exported(row: number | null): Generator<ExportedMessage> {
    const top = row === null ? this.store.root : this.node(row);
    for (const node of this.store.topicsUnder(top)) {
      const { topic } = node;
      for (const message of [...this.store.history(node)].reverse()) yield { ...message, topic };
    }
  }

  private find(row: number, id: number) {
    const node = this.node(row);
    const found = this.store.message(node, id);
    if (!found) throw new UserError('message-gone', 'This message is no longer kept: newer ones took its place.');
    return { ...found, topic: node.topic };
  }

  private node(row: number): TopicNode {
    const node = this.list.node(row);
    if (!node) throw new UserError('topic-gone', 'This topic is no longer in the list. Select it again.');
    return node;
  }
}

function rowOf(place: RowPlace<TopicNode>, perSecond: number): TopicRow {
  const { id, node, depth, position, siblings, expanded } = place;
  const { newest, receivedBelow, topicsBelow } = node;
  return {
    id,
    label: shorten(node.name, LABEL_LENGTH),
    depth,
    position,
    siblings,
    expandable: node.children.size > 0,
    expanded,
    messages: receivedBelow,
    perSecond,
    topics: topicsBelow,
    ...(newest
      ? {
          last: {
            timeMs: newest.timeMs,
            preview: summarizePayload(newest.payload, PREVIEW_LENGTH).preview,
            bytes: newest.totalBytes,
            retained: node.retained,
          },
        }
      : {}),
  };
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
