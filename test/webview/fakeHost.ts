// A host with nothing behind it but data, for tests of the pane alone.
import { newProfile } from '../../src/core/mqtt/connectionProfile';
import type { PaneRequest, PaneSide } from '../../src/protocol/explorerMessages';
import type {
  MessageView,
  NumberSeries,
  PayloadReading,
  Snapshot,
  TlsView,
  TopicHistory,
  TopicRow,
} from '../../src/protocol/explorerModel';
import type { Handlers } from '../../src/protocol/rpc';

export const NOON = new Date(2026, 10, 21, 12, 0, 0).getTime();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export const sampleTls: TlsView = {
  version: 'TLSv1.3',
  cipher: 'TLS_AES_256_GCM_SHA384',
  keyExchange: 'X25519',
  servername: 'localhost',
  alpn: '',
  resumed: false,
  chain: [
    {
      subject: 'CN=localhost, O=Demo Workspace',
      issuer: 'CN=Demo Workspace CA',
      names: ['DNS:localhost', 'DNS:broker.local', 'IP:127.0.0.1', 'IP:::1'],
      notBeforeMs: NOON,
      notAfterMs: NOON + 825 * 86_400_000,
      fingerprint: Array.from({ length: 32 }, (_, i) => (i * 7 + 16).toString(16).toUpperCase().padStart(2, '0')).join(
        ':',
      ),
      key: 'ECDSA P-256',
      signature: 'ECDSA with SHA-256',
    },
    {
      subject: 'CN=Demo Workspace CA',
      issuer: 'CN=Demo Workspace CA',
      names: [],
      notBeforeMs: NOON,
      notAfterMs: NOON + 3650 * 86_400_000,
      fingerprint: Array.from({ length: 32 }, (_, i) => (i * 5 + 32).toString(16).toUpperCase().padStart(2, '0')).join(
        ':',
      ),
      key: 'ECDSA P-256',
      signature: 'ECDSA with SHA-256',
    },
  ],
  checks: [
    {
      result: 'passed',
      label: 'Trusted',
      detail: 'The chain leads to CN=Demo Workspace CA, the authority of this workspace.',
    },
    { result: 'passed', label: 'Name matches', detail: 'localhost is DNS:localhost in the certificate.' },
    { result: 'passed', label: 'In date', detail: 'Every certificate of the chain is valid now.' },
    { result: 'info', label: 'Client certificate', detail: 'CN=kitchen-sensor was offered to the broker.' },
  ],
};

interface Sample {
  readonly label: string;
  readonly depth: number;
  readonly topics?: number;
  readonly payload?: string | Uint8Array;
  readonly retained?: boolean;
}

const samples: readonly Sample[] = [
  { label: '$SYS', depth: 1, topics: 12 },
  { label: 'devices', depth: 1, topics: 6 },
  { label: 'garden-pump', depth: 2, topics: 2 },
  { label: 'kitchen-sensor', depth: 2, topics: 4 },
  { label: 'status', depth: 3, payload: 'online', retained: true },
  {
    label: 'telemetry',
    depth: 3,
    payload:
      '{"uptime":4711,"temperature":21.50,"humidity":48.2,"heap":{"free":182340,"min":151200},"rssi":-61,"tags":["kitchen","esp32"]}',
  },
  { label: 'commands', depth: 3, payload: '' },
  { label: 'image', depth: 3, payload: new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46]) },
  { label: '', depth: 1, topics: 1 },
  { label: '<img src=x onerror=alert(1)>', depth: 1, payload: '<script>document.title="owned"</script>' },
  { label: 'invoice\u202Efdp.exe', depth: 1, payload: 'a\u0000b\u001b[31mred\u200b' },
];

function rowOf({ label, depth, topics = 0, payload, retained = false }: Sample, index: number): TopicRow {
  const data = typeof payload === 'string' ? bytes(payload) : payload;
  const preview = typeof payload === 'string' ? payload.slice(0, 120) : '10 bytes, binary';
  return {
    id: index + 1,
    label,
    depth,
    position: 1,
    siblings: 3,
    expandable: topics > 0,
    expanded: topics === 6 || topics === 4,
    messages: 1 + index * 137,
    perSecond: index % 4 === 1 ? 1.2 : 0,
    topics,
    ...(data ? { last: { timeMs: NOON + index * 1_300, preview, bytes: data.length, retained } } : {}),
  };
}

/** Answers as the real host would and remembers what was asked. */
export class FakeHost {
  readonly asked: PaneRequest[] = [];
  rows: readonly TopicRow[] = samples.map(rowOf);
  payloads = new Map<number, Uint8Array>(
    samples.map(({ payload = '' }, i) => [i + 1, typeof payload === 'string' ? bytes(payload) : payload]),
  );
  /** Of the whole payload where the view is cut. */
  totalBytes: number | undefined;
  previous: Uint8Array | null = null;
  readings: readonly PayloadReading[] = [];
  properties: MessageView['properties'] = [];
  series: readonly NumberSeries[] = [];
  fail: ((request: PaneRequest) => void) | undefined;

  constructor(readonly snapshot: Snapshot = connectedSnapshot()) {}

  readonly handlers: Handlers<PaneSide> = {
    ready: () => this.snapshot,
    connect: (request) => this.note(request),
    disconnect: (request) => this.note(request),
    saveProfile: (request) => this.note(request),
    deleteProfile: (request) => this.note(request),
    pickFile: () => '/workspace/certs/ca/ca.crt',
    subscribe: (request) => this.note(request),
    unsubscribe: (request) => this.note(request),
    showRows: ({ start, count }) => ({ total: this.rows.length, start, rows: this.rows.slice(start, start + count) }),
    expand: (request) => this.note(request),
    expandAll: (request) => this.note(request),
    search: (request) => this.note(request),
    select: ({ row }) => (row === null ? null : this.history(row)),
    readMessage: ({ row, message }) => this.view(row, message),
    openMessage: (request) => this.note(request),
    copyMessage: (request) => this.note(request),
    copyTopic: (request) => this.note(request),
    pause: (request) => this.note(request),
    clear: (request) => this.note(request),
    publish: (request) => this.note(request),
    editorText: () => '{"from":"an editor"}',
    repeat: (request) => this.note(request),
    stopRepeating: (request) => this.note(request),
    series: () => this.series,
    clearRetained: (request) => this.note(request),
    exportMessages: (request) => this.note(request),
    testTls: (request) => this.note(request),
    cancelTest: (request) => this.note(request),
    saveReport: (request) => this.note(request),
    run: (request) => this.note(request),
  };

  private note(request: PaneRequest): null {
    this.asked.push(request);
    this.fail?.(request);
    return null;
  }

  private history(row: number): TopicHistory {
    const { label = '', last } = this.rows.find(({ id }) => id === row) ?? {};
    const count = last ? 14 : 0;
    return {
      row,
      topic: `devices/kitchen-sensor/${label}`,
      received: last ? 240 : 0,
      dropped: last ? 226 : 0,
      kept: count,
      messages: Array.from({ length: count }, (_, i) => ({
        id: 100 - i,
        timeMs: NOON - i * 2_000,
        bytes: last?.bytes ?? 0,
        qos: 1 as const,
        retained: i === count - 1,
        duplicate: false,
        preview: last?.preview ?? '',
      })),
    };
  }

  private view(row: number, message: number): MessageView {
    const data = this.payloads.get(row) ?? new Uint8Array();
    return {
      id: message,
      topic: 'devices/kitchen-sensor/telemetry',
      timeMs: NOON,
      qos: 1,
      retained: false,
      duplicate: false,
      bytes: data,
      totalBytes: this.totalBytes ?? data.length,
      properties: this.properties,
      previous: this.previous,
      readings: this.readings,
    };
  }
}

export function idleSnapshot(): Snapshot {
  const profiles = [
    newProfile({ id: 'local', name: 'Local TLS broker', identity: { type: 'device', name: 'kitchen-sensor' } }),
    newProfile({ id: 'cloud', name: 'Cloud', host: 'broker.example.com', trust: { type: 'system' } }),
  ];
  return {
    choices: {
      profiles,
      withPassword: ['cloud'],
      withPassphrase: [],
      devices: ['garden-pump', 'kitchen-sensor'],
      authority: 'Demo Workspace CA',
      localBroker: 'mqtts://localhost:8883',
    },
    profile: 'local',
    state: { type: 'idle' },
    subscriptions: [],
    stats: {
      topics: 0,
      messages: 0,
      perSecond: 0,
      keptBytes: 0,
      droppedMessages: 0,
      paused: false,
      missedWhilePaused: 0,
    },
    tls: null,
    trace: [],
    search: '',
    selected: null,
    repetition: { running: false, sent: 0 },
    report: null,
  };
}

export function connectedSnapshot(): Snapshot {
  return {
    ...idleSnapshot(),
    state: { type: 'connected', address: 'mqtts://localhost:8883', sinceMs: NOON },
    subscriptions: [
      { filter: '#', qos: 0, state: 'active' },
      { filter: 'devices/+/status', qos: 1, state: 'active' },
    ],
    stats: {
      topics: 21,
      messages: 48_210,
      perSecond: 12.4,
      keptBytes: 3_412_000,
      droppedMessages: 226,
      paused: false,
      missedWhilePaused: 0,
    },
    tls: sampleTls,
  };
}
