// The views of the Activity Bar container, and what each says while it is empty.

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
      'A broker with TLS and your certificates, inside VS Code: it shows who connects, and why a board is refused.\n[Start Local TLS Broker](command:secureIot.startBroker)\n[MQTT Explorer](command:secureIot.openExplorer)\n[Test TLS of a Broker…](command:secureIot.testTls)\nSee [what a board prints](command:secureIot.startFaultyBroker) when something is wrong, or [write mosquitto.conf](command:secureIot.writeBrokerConfiguration).',
  },
  {
    view: 'secureIot.deviceErrors',
    contents:
      'Errors that a board prints appear here, explained.\n[Open Serial Monitor…](command:secureIot.openMonitor)\n[Explain Error Code…](command:secureIot.explainErrorCode)\n[Analyze Log File…](command:secureIot.analyzeLogFile)',
  },
];

/** Context keys set with `setContext`, with their types. */
export interface ContextKeys {
  'secureIot.brokerRunning': boolean;
}
