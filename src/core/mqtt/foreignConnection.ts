// A connection as another MQTT client keeps it, before it becomes a profile here.

/** A file on a disk by its path, or what the settings themselves hold of it. */
export type ForeignFile =
  | { readonly type: 'path'; readonly path: string }
  | { readonly type: 'content'; readonly name: string; readonly bytes: Uint8Array };

export interface ForeignConnection {
  readonly client: 'MQTT Explorer' | 'MQTTX';
  /** Stays the same when the same connection is read again. */
  readonly id: string;
  readonly name: string;
  readonly protocol: 'mqtt' | 'mqtts' | 'ws' | 'wss';
  readonly host: string;
  readonly port: number;
  /** Of the WebSocket; begins with a slash. */
  readonly path: string;
  readonly version: '3.1.1' | '5';
  readonly clientId: string;
  readonly username: string;
  /** A secret; empty: none. */
  readonly password: string;
  /** Application protocols offered in TLS, with commas; empty: none. */
  readonly alpn: string;
  /** Seconds. */
  readonly keepAlive: number;
  readonly cleanStart: boolean;
  /** Seconds. */
  readonly sessionExpiry: number;
  readonly lastWill: {
    readonly topic: string;
    readonly payload: string;
    readonly qos: 0 | 1 | 2;
    readonly retain: boolean;
  } | null;
  readonly subscriptions: readonly { readonly filter: string; readonly qos: 0 | 1 | 2 }[];
  /** Who is trusted to sign the broker's certificate; null: the system's authorities. */
  readonly authority: ForeignFile | null;
  readonly certificate: ForeignFile | null;
  /** A secret where it is content. */
  readonly key: ForeignFile | null;
  /** What is not the same here, for the person; a sentence each. */
  readonly notes: readonly string[];
}

/** For a connection whose certificate checks were off. */
export const CHECKED_HERE =
  "It did not check the broker's certificate. Here it is always checked: choose the authority that signed it.";
