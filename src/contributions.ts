// Every command, view, setting and context key, once. package.json's `contributes` is made from this file
// (`npm run contributions`; `npm run check` fails when they differ), and the host's helpers are typed by it.

export const CATEGORY = 'Secure IoT';

interface CommandSpec {
  readonly title: string;
  readonly icon?: string;
  /** Works in an untrusted workspace: only reads and decodes. Everything else is refused there. */
  readonly untrusted?: true;
  /** Not in the command palette: needs an argument that only a view or a button gives. */
  readonly hidden?: true;
}

/** Key: command id. Titles end with an ellipsis when the command asks something before it acts. */
export const commands = {
  'secureIot.generateCertificates': { title: 'Generate Certificates…', icon: '$(new-file)' },
  'secureIot.issueBrokerCertificate': { title: 'Issue Broker Certificate…' },
  'secureIot.issueFleet': { title: 'Issue Certificates for a Fleet…' },
  'secureIot.renewCertificate': { title: 'Renew Certificate…', icon: '$(refresh)' },
  'secureIot.revokeCertificate': { title: 'Revoke Certificate…', icon: '$(circle-slash)' },
  'secureIot.inspectCertificate': { title: 'Inspect Certificate…', icon: '$(inspect)', untrusted: true },
  'secureIot.newSketch': { title: 'New Secure Sketch…' },
  'secureIot.secureSketch': { title: 'Secure This Sketch…' },
  'secureIot.buildFirmware': { title: 'Build Firmware…' },
  'secureIot.flashBoard': { title: 'Flash Board…', icon: '$(zap)' },
  'secureIot.provisionDevice': { title: 'Provision Device…', icon: '$(key)' },
  'secureIot.buildNvsImage': { title: 'Build NVS Image…' },
  'secureIot.openMonitor': { title: 'Open Serial Monitor…', icon: '$(terminal)' },
  'secureIot.showChipInfo': { title: 'Show Chip Information…', icon: '$(info)' },
  'secureIot.monitorOptions': { title: 'Serial Monitor Options…' },
  'secureIot.resetBoard': { title: 'Reset Board' },
  'secureIot.addBoardAddress': { title: 'Add Board Address…', icon: '$(add)' },
  'secureIot.removeBoardAddress': { title: 'Remove Board Address', icon: '$(trash)', hidden: true },
  'secureIot.refreshBoards': { title: 'Refresh Boards', icon: '$(refresh)', untrusted: true },
  'secureIot.explainErrorCode': { title: 'Explain Error Code…', icon: '$(question)', untrusted: true },
  'secureIot.analyzeLogFile': { title: 'Analyze Log File…', icon: '$(file-text)', untrusted: true },
  'secureIot.clearDeviceErrors': { title: 'Clear Device Errors', icon: '$(clear-all)', untrusted: true },
  'secureIot.resolveBacktrace': { title: 'Resolve Backtrace', icon: '$(list-tree)', untrusted: true, hidden: true },
  'secureIot.copyErrorReport': { title: 'Copy for a Bug Report', icon: '$(copy)', untrusted: true, hidden: true },
  'secureIot.diagnoseConnection': { title: 'Diagnose Connection…', icon: '$(search)' },
  'secureIot.openExplorer': { title: 'MQTT Explorer', icon: '$(type-hierarchy)' },
  'secureIot.startBroker': { title: 'Start Local TLS Broker', icon: '$(play)' },
  'secureIot.testTls': { title: 'Test TLS of a Broker…', icon: '$(shield)' },
  'secureIot.stopBroker': { title: 'Stop Local TLS Broker', icon: '$(debug-stop)' },
  'secureIot.showLog': { title: 'Show Log', untrusted: true },
} as const satisfies Record<string, CommandSpec>;

export type CommandId = keyof typeof commands;

/** Key: view id. All live in the Secure IoT container of the Activity Bar. */
export const views = {
  'secureIot.boards': { name: 'Boards', icon: 'media/views/boards.svg' },
  'secureIot.certificates': { name: 'Certificates', icon: 'media/views/certificates.svg' },
  'secureIot.deviceErrors': { name: 'Device Errors', icon: 'media/views/device-errors.svg' },
  'secureIot.brokers': { name: 'Brokers', icon: 'media/views/brokers.svg' },
} as const;

export type ViewId = keyof typeof views;

/** What a view says while it is empty. Links run commands. */
export const viewsWelcome: readonly { readonly view: ViewId; readonly contents: string; readonly when?: string }[] = [
  {
    view: 'secureIot.boards',
    contents:
      'No board found. Plug one in, or add the address of one on another machine.\n[Add Board Address…](command:secureIot.addBoardAddress)',
  },
  {
    view: 'secureIot.certificates',
    contents:
      'No certificates in this workspace yet.\n[Generate Certificates…](command:secureIot.generateCertificates)',
  },
  {
    view: 'secureIot.brokers',
    contents:
      'A broker with TLS and your certificates, inside VS Code: it shows who connects, and why a board is refused.\n[Start Local TLS Broker](command:secureIot.startBroker)\n[MQTT Explorer](command:secureIot.openExplorer)',
  },
  {
    view: 'secureIot.deviceErrors',
    contents:
      'Errors that a board prints appear here, explained.\n[Open Serial Monitor…](command:secureIot.openMonitor)\n[Explain Error Code…](command:secureIot.explainErrorCode)\n[Analyze Log File…](command:secureIot.analyzeLogFile)',
  },
];

/** Buttons in view titles and on tree items. `when` narrows to a view or an item's context value. */
export const menus: Readonly<
  Record<
    'view/title' | 'view/item/context',
    readonly { readonly command: CommandId; readonly when: string; readonly group: string }[]
  >
> = {
  'view/title': [
    { command: 'secureIot.addBoardAddress', when: 'view == secureIot.boards', group: 'navigation@1' },
    { command: 'secureIot.refreshBoards', when: 'view == secureIot.boards', group: 'navigation@2' },
    { command: 'secureIot.generateCertificates', when: 'view == secureIot.certificates', group: 'navigation' },
    { command: 'secureIot.issueBrokerCertificate', when: 'view == secureIot.certificates', group: '1_issue' },
    { command: 'secureIot.issueFleet', when: 'view == secureIot.certificates', group: '1_issue' },
    { command: 'secureIot.explainErrorCode', when: 'view == secureIot.deviceErrors', group: 'navigation@2' },
    { command: 'secureIot.clearDeviceErrors', when: 'view == secureIot.deviceErrors', group: 'navigation@3' },
    { command: 'secureIot.analyzeLogFile', when: 'view == secureIot.deviceErrors', group: '1_log' },
    { command: 'secureIot.diagnoseConnection', when: 'view == secureIot.deviceErrors', group: 'navigation@1' },
    { command: 'secureIot.openExplorer', when: 'view == secureIot.brokers', group: 'navigation@1' },
    { command: 'secureIot.testTls', when: 'view == secureIot.brokers', group: 'navigation@3' },
    {
      command: 'secureIot.startBroker',
      when: 'view == secureIot.brokers && !secureIot.brokerRunning',
      group: 'navigation@2',
    },
    {
      command: 'secureIot.stopBroker',
      when: 'view == secureIot.brokers && secureIot.brokerRunning',
      group: 'navigation@2',
    },
  ],
  'view/item/context': [
    {
      command: 'secureIot.renewCertificate',
      when: 'view == secureIot.certificates && viewItem =~ /^certificate\\.(broker|device|operator)\\./',
      group: 'inline@1',
    },
    {
      command: 'secureIot.revokeCertificate',
      when: 'view == secureIot.certificates && viewItem =~ /^certificate\\.(broker|device|operator)\\.valid/',
      group: '2_end',
    },
    {
      command: 'secureIot.resolveBacktrace',
      when: 'view == secureIot.deviceErrors && viewItem == deviceErrorBacktrace',
      group: 'inline@1',
    },
    {
      command: 'secureIot.copyErrorReport',
      when: 'view == secureIot.deviceErrors && viewItem =~ /^deviceError(Backtrace)?$/',
      group: 'inline@2',
    },
    {
      command: 'secureIot.diagnoseConnection',
      when: 'view == secureIot.deviceErrors && viewItem == deviceError',
      group: 'inline@1',
    },
    { command: 'secureIot.openMonitor', when: 'view == secureIot.boards && viewItem =~ /^board/', group: 'inline@1' },
    { command: 'secureIot.flashBoard', when: 'view == secureIot.boards && viewItem =~ /^board/', group: 'inline@2' },
    {
      command: 'secureIot.provisionDevice',
      when: 'view == secureIot.boards && viewItem =~ /^board/',
      group: '2_write',
    },
    { command: 'secureIot.showChipInfo', when: 'view == secureIot.boards && viewItem =~ /^board/', group: '1_board@2' },
    {
      command: 'secureIot.removeBoardAddress',
      when: 'view == secureIot.boards && viewItem == boardAddress',
      group: '9_remove',
    },
  ],
};

/** Key: the setting's full id. `default` types it. No key, password or token ever goes into a setting. */
export const settings = {
  'secureIot.certificates.folder': {
    type: 'string',
    default: 'certs',
    scope: 'resource',
    markdownDescription:
      'Folder of the certificates, relative to the workspace folder. It gets a `.gitignore` of its own before the first private key is written.',
  },
  'secureIot.boards.addresses': {
    type: 'array',
    items: { type: 'string' },
    default: [] as readonly string[],
    scope: 'resource',
    markdownDescription: 'Boards reached over the network: `socket://host:port` or `rfc2217://host:port`.',
  },
  'secureIot.monitor.baudRate': {
    type: 'number',
    default: 115200,
    scope: 'resource',
    markdownDescription: 'Baud rate of the serial monitor.',
  },
  'secureIot.broker.port': {
    type: 'number',
    default: 8883,
    minimum: 1,
    maximum: 65535,
    scope: 'resource',
    markdownDescription: 'Port of the local TLS broker.',
  },
  'secureIot.broker.host': {
    type: 'string',
    default: '0.0.0.0',
    scope: 'resource',
    markdownDescription:
      'Address that the local TLS broker listens on: `0.0.0.0` so that boards on your network reach it, `127.0.0.1` for this machine only.',
  },
  'secureIot.broker.requireClientCertificate': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    markdownDescription:
      'The local TLS broker lets only clients in that show a certificate of your authority (mutual TLS).',
  },
  'secureIot.flash.baudRate': {
    type: 'number',
    default: 921600,
    scope: 'resource',
    markdownDescription: 'Baud rate that flashing switches to once the chip answers.',
  },
} as const;

export type SettingId = keyof typeof settings;

type Widen<T> = T extends string ? string : T extends number ? number : T extends boolean ? boolean : T;
/** The type of a setting's value, read from its default. */
export type SettingValue<K extends SettingId> = Widen<(typeof settings)[K]['default']>;

/** For tasks: lines of a monitor that point into the source. */
export const problemMatchers = [
  {
    name: 'secure-iot-backtrace',
    label: 'ESP32 backtrace resolved by a monitor',
    owner: 'secure-iot',
    source: 'backtrace',
    severity: 'error',
    fileLocation: 'autoDetect',
    pattern: {
      regexp: '^(?:--- )?(?:0x[0-9a-fA-F]+:?)+\\s*:?\\s*(.+?) at (.+?):(\\d+)(?: \\(discriminator \\d+\\))?$',
      message: 1,
      file: 2,
      line: 3,
    },
  },
  {
    name: 'secure-iot-assert',
    label: 'ESP32 assertion',
    owner: 'secure-iot',
    source: 'assert',
    severity: 'error',
    fileLocation: 'autoDetect',
    pattern: { regexp: '^file: "(.+?)" line (\\d+)$', file: 1, line: 2, message: 1 },
  },
] as const;

/** Context keys set with `setContext`, with their types. */
export interface ContextKeys {
  'secureIot.brokerRunning': boolean;
}

/** Flashing as a task of tasks.json; src/host/boards/flashTask.ts runs it. */
export const flashTask = {
  type: 'secure-iot-flash',
  required: ['files'],
  properties: {
    files: {
      type: 'array',
      items: { type: 'string' },
      description:
        'One of flasher_args.json, a build folder or an image of the whole flash; or offsets and files in turn. Relative to the workspace folder.',
    },
    address: {
      type: 'string',
      description: 'Serial port, rfc2217://host:port or socket://host:port. Without it the only board, or a question.',
    },
  },
} as const;

export const WALKTHROUGH_ID = 'getStarted';

/** Steps of the walkthrough, in order. Pages are in media/walkthrough/. A step is ticked when its command ran. */
export const walkthroughSteps: readonly {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly completedBy: CommandId;
}[] = [
  {
    id: 'certificates',
    title: 'Make your certificates',
    description:
      'A certificate authority of your own, one certificate for the broker, one for the board.\n[Generate Certificates](command:secureIot.generateCertificates)',
    completedBy: 'secureIot.generateCertificates',
  },
  {
    id: 'broker',
    title: 'Start a TLS broker',
    description:
      'A broker inside VS Code that asks every client for a certificate of your authority.\n[Start Local TLS Broker](command:secureIot.startBroker)',
    completedBy: 'secureIot.startBroker',
  },
  {
    id: 'sketch',
    title: 'Create a secure sketch',
    description:
      'Firmware with those certificates wired in and nothing secret in git.\n[New Secure Sketch](command:secureIot.newSketch)',
    completedBy: 'secureIot.newSketch',
  },
  {
    id: 'flash',
    title: 'Flash the board',
    description: 'No Python needed.\n[Flash Board](command:secureIot.flashBoard)',
    completedBy: 'secureIot.flashBoard',
  },
  {
    id: 'monitor',
    title: 'Watch what it says',
    description:
      'Error codes are explained under the line that prints them.\n[Open Serial Monitor](command:secureIot.openMonitor)',
    completedBy: 'secureIot.openMonitor',
  },
  {
    id: 'diagnose',
    title: 'Find out why',
    description:
      'The board cannot say why it refused the broker. We replay its handshake with its own files and name the cause.\n[Diagnose Connection](command:secureIot.diagnoseConnection)',
    completedBy: 'secureIot.diagnoseConnection',
  },
  {
    id: 'explorer',
    title: 'See the messages arrive',
    description: 'Topics live, over TLS.\n[MQTT Explorer](command:secureIot.openExplorer)',
    completedBy: 'secureIot.openExplorer',
  },
];

/** package.json's `contributes`, `capabilities` and `activationEvents`, as a plain value. */
export function manifest(): Record<string, unknown> {
  const specs: readonly [string, CommandSpec][] = Object.entries(commands);
  const hidden = specs.filter(([, spec]) => spec.hidden);
  const restricted = specs.filter(([, spec]) => !spec.untrusted && !spec.hidden);
  return {
    contributes: {
      commands: specs.map(([command, spec]) => ({
        command,
        title: spec.title,
        category: CATEGORY,
        ...(spec.icon ? { icon: spec.icon } : {}),
        ...(spec.untrusted ? {} : { enablement: 'isWorkspaceTrusted' }),
      })),
      viewsContainers: { activitybar: [{ id: 'secureIot', title: CATEGORY, icon: 'media/activity-bar.svg' }] },
      views: { secureIot: Object.entries(views).map(([id, view]) => ({ id, ...view })) },
      viewsWelcome,
      menus: {
        ...menus,
        commandPalette: [
          ...hidden.map(([command]) => ({ command, when: 'false' })),
          ...restricted.map(([command]) => ({ command, when: 'isWorkspaceTrusted' })),
        ],
      },
      configuration: { title: CATEGORY, properties: settings },
      taskDefinitions: [
        {
          type: 'secure-iot',
          required: ['project'],
          properties: { project: { type: 'string', description: 'Folder of the firmware project, in the workspace.' } },
        },
        flashTask,
      ],
      problemMatchers: [
        ...problemMatchers,
        {
          name: 'secure-iot-compiler',
          owner: 'secure-iot',
          source: 'compiler',
          fileLocation: 'autoDetect',
          pattern: {
            regexp: '^(.+?):(\\d+):(\\d+):\\s+(?:fatal )?(warning|error|note):\\s+(.*)$',
            file: 1,
            line: 2,
            column: 3,
            severity: 4,
            message: 5,
          },
        },
      ],
      walkthroughs: [
        {
          id: WALKTHROUGH_ID,
          title: 'Get started with Secure IoT',
          description: 'From a board that cannot connect to one that can, in under five minutes.',
          steps: walkthroughSteps.map(({ id, title, description, completedBy }) => ({
            id,
            title,
            description,
            media: { markdown: `media/walkthrough/${id}.md` },
            completionEvents: [`onCommand:${completedBy}`],
          })),
        },
      ],
    },
    activationEvents: [],
    capabilities: {
      untrustedWorkspaces: {
        supported: 'limited',
        description: 'In an untrusted folder Secure IoT decodes and reads; it does not flash boards or write keys.',
      },
      virtualWorkspaces: {
        supported: 'limited',
        description: 'Certificates and sketches need a folder on a disk; decoding works everywhere.',
      },
    },
  };
}
