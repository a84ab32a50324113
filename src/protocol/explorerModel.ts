// What the host tells the pane: plain data, bounded, with nothing secret in it.

import type { ConnectionProfile, Subscription } from '../core/mqtt/connectionProfile';
import type { HandshakeFacts } from '../core/tls/handshakeFacts';

/** Something to do about a failure, as a button. */
export interface PaneAction {
  readonly title: string;
  readonly command: string;
}

export type ConnectionState =
  | { readonly type: 'idle' }
  | { readonly type: 'connecting'; readonly address: string }
  | { readonly type: 'connected'; readonly address: string; readonly sinceMs: number }
  | {
      readonly type: 'failed';
      readonly address: string;
      /** What happened and what to do next, in a sentence or two. */
      readonly reason: string;
      readonly code: string;
      /** True while it tries again by itself. */
      readonly retrying: boolean;
      readonly action?: PaneAction;
      /** The broker does not speak MQTT 5: the pane offers 3.1.1. */
      readonly offersOlderVersion?: true;
    };

export interface ActiveSubscription extends Subscription {
  /** What the broker answered; a refusal says why. */
  readonly state: 'pending' | 'active' | 'refused';
  readonly reason?: string;
}

/** One line of the topic tree. Texts are cut for the screen; control and bidirectional characters are still in them. */
export interface TopicRow {
  /** Stable while the store lives; never used again for another topic. */
  readonly id: number;
  /** Topic level. */
  readonly label: string;
  /** From 1. */
  readonly depth: number;
  readonly position: number;
  readonly siblings: number;
  readonly expandable: boolean;
  readonly expanded: boolean;
  /** Messages of this topic and of all topics under it. */
  readonly messages: number;
  /** The same, a second, over the last few seconds. */
  readonly perSecond: number;
  /** Topics under this one. */
  readonly topics: number;
  readonly last?: {
    readonly timeMs: number;
    readonly preview: string;
    readonly bytes: number;
    readonly retained: boolean;
  };
}

export interface TopicRows {
  readonly total: number;
  readonly start: number;
  readonly rows: readonly TopicRow[];
}

export interface MessageSummary {
  /** Counts from 1 in order of arrival, over all topics. */
  readonly id: number;
  readonly timeMs: number;
  readonly bytes: number;
  readonly qos: 0 | 1 | 2;
  readonly retained: boolean;
  readonly duplicate: boolean;
  readonly preview: string;
}

export interface TopicHistory {
  readonly row: number;
  /** Full topic, cut only beyond 4,096 characters. */
  readonly topic: string;
  readonly received: number;
  /** Messages of this topic that are no longer kept. */
  readonly dropped: number;
  /** Newest first; at most 200 of those kept. */
  readonly messages: readonly MessageSummary[];
  readonly kept: number;
}

/** A payload read as more than bytes, by the host: by a schema, as Sparkplug B, as an image. */
export type PayloadReading = {
  readonly label: string;
  readonly note: string | null;
  /** Shown first; else only offered. */
  readonly sure: boolean;
} & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'image'; readonly mediaType: string; readonly bytes: Uint8Array }
);

export interface MessageView {
  readonly id: number;
  readonly topic: string;
  readonly timeMs: number;
  readonly qos: 0 | 1 | 2;
  readonly retained: boolean;
  readonly duplicate: boolean;
  /** The payload's first bytes: all of it unless `totalBytes` is larger. */
  readonly bytes: Uint8Array;
  readonly totalBytes: number;
  /** MQTT 5 properties as name and value. */
  readonly properties: readonly (readonly [string, string])[];
  /** The message before it on the same topic, for the diff; same bounds. */
  readonly previous: Uint8Array | null;
  /** The one that fits best first; empty where the payload is cut. */
  readonly readings: readonly PayloadReading[];
}

/** One number of a topic's payloads, over time. */
export interface NumberSeries {
  /** Where it stands in the JSON, for example `heap.free`; empty: the payload itself. */
  readonly path: string;
  /** Oldest first. */
  readonly points: readonly (readonly [timeMs: number, value: number])[];
}

export interface Repetition {
  readonly running: boolean;
  readonly sent: number;
  /** Why it ended by itself. */
  readonly problem?: string;
}

export interface TrafficStats {
  readonly topics: number;
  readonly messages: number;
  readonly perSecond: number;
  readonly keptBytes: number;
  readonly droppedMessages: number;
  readonly paused: boolean;
  /** Messages that came while paused and are not in the tree. */
  readonly missedWhilePaused: number;
}

/** One thing that was verified in the handshake, and how it came out. */
export interface TlsCheck {
  readonly result: 'passed' | 'failed' | 'info';
  readonly label: string;
  readonly detail: string;
}

export interface TlsView extends HandshakeFacts {
  readonly checks: readonly TlsCheck[];
}

/** One packet that was sent or received. */
export interface TracePacket {
  readonly timeMs: number;
  readonly direction: 'out' | 'in';
  readonly name: string;
  readonly detail: string;
}

/** The TLS test: how far it is, or its report. */
export interface TlsReportView {
  readonly address: string;
  /** What is being done now; null when it is over. */
  readonly step: string | null;
  /** Why there is no report. */
  readonly error?: string;
  readonly sections: readonly {
    readonly title: string;
    readonly checks: readonly TlsCheck[];
  }[];
  /** "Will it work on my board?", one line for each kind of board. */
  readonly boards: readonly {
    readonly board: string;
    readonly verdict: 'works' | 'fails' | 'unknown';
    /** What the board prints when it fails; may be empty. */
    readonly code: string;
    readonly why: string;
    readonly heap: string;
    readonly change: string;
  }[];
}

export type ReportFormat = 'markdown' | 'json' | 'sarif';

/** What the connection form offers to choose from. */
export interface ConnectionChoices {
  readonly profiles: readonly ConnectionProfile[];
  /** Ids of profiles with a stored password or key passphrase. */
  readonly withPassword: readonly string[];
  readonly withPassphrase: readonly string[];
  /** Names of client certificates in the workspace's certificates folder. */
  readonly devices: readonly string[];
  /** Subject of the workspace's certificate authority; null when there is none yet. */
  readonly authority: string | null;
  /** Address of the local broker while it runs. */
  readonly localBroker: string | null;
}

export interface Snapshot {
  readonly choices: ConnectionChoices;
  /** Id of the profile that is open in the form. */
  readonly profile: string;
  readonly state: ConnectionState;
  readonly subscriptions: readonly ActiveSubscription[];
  readonly stats: TrafficStats;
  readonly tls: TlsView | null;
  readonly trace: readonly TracePacket[];
  readonly search: string;
  readonly selected: number | null;
  readonly repetition: Repetition;
  readonly report: TlsReportView | null;
}

export type ExplorerEvent =
  | { readonly type: 'state'; readonly state: ConnectionState }
  | { readonly type: 'choices'; readonly choices: ConnectionChoices }
  | { readonly type: 'subscriptions'; readonly subscriptions: readonly ActiveSubscription[] }
  | { readonly type: 'rows'; readonly rows: TopicRows }
  | { readonly type: 'history'; readonly history: TopicHistory }
  | { readonly type: 'stats'; readonly stats: TrafficStats }
  | { readonly type: 'tls'; readonly tls: TlsView | null }
  /** `skipped`: packets since the last time that were too many to tell. */
  | { readonly type: 'trace'; readonly packets: readonly TracePacket[]; readonly skipped: number }
  | { readonly type: 'repetition'; readonly repetition: Repetition }
  | { readonly type: 'report'; readonly report: TlsReportView | null };
