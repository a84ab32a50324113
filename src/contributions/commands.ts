// The extension's commands, once: ids and titles. The host's register() is typed by them.

export const CATEGORY = 'Secure IoT';

export interface CommandSpec {
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
  'secureIot.issueFleetFromCsv': { title: 'Issue Certificates for a Fleet from a CSV File…' },
  'secureIot.issueOperator': { title: 'Issue Operator Certificate…' },
  'secureIot.issueIntermediate': { title: 'Issue Intermediate Authority…' },
  'secureIot.importAuthority': { title: 'Import Certificate Authority…' },
  'secureIot.makeSigningRequest': { title: 'Make Signing Request…' },
  'secureIot.signSigningRequest': { title: 'Sign Signing Request…' },
  'secureIot.exportCertificate': { title: 'Export Certificate…', icon: '$(export)' },
  'secureIot.exportManifest': { title: 'Export Manifest of Certificates…' },
  'secureIot.updateRevocationList': { title: 'Update Revocation List…' },
  'secureIot.verifyCertificate': { title: 'Verify Certificate…', icon: '$(verified)' },
  'secureIot.rehearseExpiry': { title: 'Rehearse Expiry…' },
  'secureIot.renewCertificate': { title: 'Renew Certificate…', icon: '$(refresh)' },
  'secureIot.revokeCertificate': { title: 'Revoke Certificate…', icon: '$(circle-slash)' },
  'secureIot.inspectCertificate': { title: 'Inspect Certificate…', icon: '$(inspect)', untrusted: true },
  'secureIot.newSketch': { title: 'New Secure Sketch…' },
  'secureIot.secureSketch': { title: 'Secure This Sketch…' },
  'secureIot.buildFirmware': { title: 'Build Firmware…' },
  'secureIot.signUpdate': { title: 'Sign Firmware Update…' },
  'secureIot.sendUpdate': { title: 'Send Firmware Update…', icon: '$(cloud-upload)' },
  'secureIot.flashBoard': { title: 'Flash Board…', icon: '$(zap)' },
  'secureIot.provisionDevice': { title: 'Provision Device…', icon: '$(key)' },
  'secureIot.provisionMany': { title: 'Provision Many Boards…' },
  'secureIot.makeLabels': { title: 'Make Device Labels…' },
  'secureIot.backUpNvs': { title: 'Back Up NVS…' },
  'secureIot.buildNvsImage': { title: 'Build NVS Image…' },
  'secureIot.openMonitor': { title: 'Open Serial Monitor…', icon: '$(terminal)' },
  'secureIot.showChipInfo': { title: 'Show Chip Information…', icon: '$(info)' },
  'secureIot.showPartitionTable': { title: 'Show Partition Table…', icon: '$(list-flat)' },
  'secureIot.editPartitionTable': { title: 'Edit Partition Table…', icon: '$(edit)' },
  'secureIot.writePartitionTable': { title: 'Write Partition Table to Board…', icon: '$(zap)' },
  'secureIot.backUpFlash': { title: 'Back Up Flash…', icon: '$(cloud-download)' },
  'secureIot.eraseFlash': { title: 'Erase Flash…', icon: '$(trash)' },
  'secureIot.monitorOptions': { title: 'Serial Monitor Options…' },
  'secureIot.resetBoard': { title: 'Reset Board' },
  'secureIot.addBoardAddress': { title: 'Add Board Address…', icon: '$(add)' },
  'secureIot.removeBoardAddress': { title: 'Remove Board Address', icon: '$(trash)', hidden: true },
  'secureIot.refreshBoards': { title: 'Refresh Boards', icon: '$(refresh)', untrusted: true },
  'secureIot.explainErrorCode': { title: 'Explain Error Code…', icon: '$(question)', untrusted: true },
  'secureIot.analyzeLogFile': { title: 'Analyze Log File…', icon: '$(file-text)', untrusted: true },
  'secureIot.clearDeviceErrors': { title: 'Clear Device Errors', icon: '$(clear-all)', untrusted: true },
  'secureIot.resolveBacktrace': { title: 'Resolve Backtrace…', icon: '$(list-tree)', untrusted: true },
  'secureIot.applyErrorFix': { title: 'Apply the Fix of an Error…', icon: '$(edit)', hidden: true },
  'secureIot.copyErrorReport': { title: 'Copy for a Bug Report', icon: '$(copy)', untrusted: true, hidden: true },
  'secureIot.diagnoseConnection': { title: 'Diagnose Connection…', icon: '$(search)' },
  'secureIot.openExplorer': { title: 'MQTT Explorer', icon: '$(type-hierarchy)' },
  'secureIot.importConnections': { title: 'Import Connections…' },
  'secureIot.exportConnections': { title: 'Export Connections…' },
  'secureIot.startBroker': { title: 'Start Local TLS Broker', icon: '$(play)' },
  'secureIot.startFaultyBroker': { title: 'Start Broker with a Fault…', icon: '$(beaker)' },
  'secureIot.testTls': { title: 'Test TLS of a Broker…', icon: '$(shield)' },
  'secureIot.exportTlsReport': { title: 'Export TLS Test Report…' },
  'secureIot.writeBrokerConfiguration': { title: 'Write mosquitto.conf or Settings of Another Broker…' },
  'secureIot.analyzeBrokerLog': { title: 'Analyze Broker Log…', untrusted: true },
  'secureIot.stopBroker': { title: 'Stop Local TLS Broker', icon: '$(debug-stop)' },
  'secureIot.showLog': { title: 'Show Log', untrusted: true },
} as const satisfies Record<string, CommandSpec>;

export type CommandId = keyof typeof commands;
