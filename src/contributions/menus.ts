// Buttons of views, of their items, and of our editors.
import type { CommandId } from './commands';

/** Buttons in view and editor titles and on tree items. `when` narrows to a view or an item's context value. */
export const menus: Readonly<
  Record<
    'view/title' | 'view/item/context' | 'editor/title',
    readonly { readonly command: CommandId; readonly when: string; readonly group: string }[]
  >
> = {
  'view/title': [
    { command: 'secureIot.addBoardAddress', when: 'view == secureIot.boards', group: 'navigation@1' },
    { command: 'secureIot.refreshBoards', when: 'view == secureIot.boards', group: 'navigation@2' },
    { command: 'secureIot.generateCertificates', when: 'view == secureIot.certificates', group: 'navigation' },
    { command: 'secureIot.issueBrokerCertificate', when: 'view == secureIot.certificates', group: '1_issue' },
    { command: 'secureIot.issueFleet', when: 'view == secureIot.certificates', group: '1_issue' },
    { command: 'secureIot.issueFleetFromCsv', when: 'view == secureIot.certificates', group: '1_issue' },
    { command: 'secureIot.issueOperator', when: 'view == secureIot.certificates', group: '1_issue' },
    { command: 'secureIot.issueIntermediate', when: 'view == secureIot.certificates', group: '2_authority' },
    { command: 'secureIot.importAuthority', when: 'view == secureIot.certificates', group: '2_authority' },
    { command: 'secureIot.updateRevocationList', when: 'view == secureIot.certificates', group: '2_authority' },
    { command: 'secureIot.makeSigningRequest', when: 'view == secureIot.certificates', group: '3_request' },
    { command: 'secureIot.signSigningRequest', when: 'view == secureIot.certificates', group: '3_request' },
    { command: 'secureIot.exportManifest', when: 'view == secureIot.certificates', group: '4_check' },
    { command: 'secureIot.rehearseExpiry', when: 'view == secureIot.certificates', group: '4_check' },
    { command: 'secureIot.explainErrorCode', when: 'view == secureIot.deviceErrors', group: 'navigation@2' },
    { command: 'secureIot.clearDeviceErrors', when: 'view == secureIot.deviceErrors', group: 'navigation@3' },
    { command: 'secureIot.analyzeLogFile', when: 'view == secureIot.deviceErrors', group: '1_log' },
    { command: 'secureIot.diagnoseConnection', when: 'view == secureIot.deviceErrors', group: 'navigation@1' },
    { command: 'secureIot.openExplorer', when: 'view == secureIot.brokers', group: 'navigation@1' },
    { command: 'secureIot.testTls', when: 'view == secureIot.brokers', group: 'navigation@3' },
    { command: 'secureIot.startFaultyBroker', when: 'view == secureIot.brokers', group: '1_other' },
    { command: 'secureIot.writeBrokerConfiguration', when: 'view == secureIot.brokers', group: '1_other' },
    { command: 'secureIot.analyzeBrokerLog', when: 'view == secureIot.brokers', group: '1_other' },
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
      command: 'secureIot.exportCertificate',
      when: 'view == secureIot.certificates && viewItem =~ /^certificate\\.(broker|device|operator)\\./',
      group: '1_use',
    },
    {
      command: 'secureIot.verifyCertificate',
      when: 'view == secureIot.certificates && viewItem =~ /^certificate\\./',
      group: '1_use',
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
    { command: 'secureIot.openMonitor', when: 'view == secureIot.boards && viewItem =~ /^board/', group: '1_board@1' },
    { command: 'secureIot.flashBoard', when: 'view == secureIot.boards && viewItem =~ /^board/', group: '2_write@1' },
    {
      command: 'secureIot.provisionDevice',
      when: 'view == secureIot.boards && viewItem =~ /^board/',
      group: '2_write@2',
    },
    { command: 'secureIot.showChipInfo', when: 'view == secureIot.boards && viewItem =~ /^board/', group: '1_board@2' },
    {
      command: 'secureIot.showPartitionTable',
      when: 'view == secureIot.boards && viewItem =~ /^board/',
      group: '1_board@3',
    },
    {
      command: 'secureIot.editPartitionTable',
      when: 'view == secureIot.boards && viewItem =~ /^board/',
      group: '1_board@4',
    },
    { command: 'secureIot.backUpFlash', when: 'view == secureIot.boards && viewItem =~ /^board/', group: '1_board@5' },
    { command: 'secureIot.backUpNvs', when: 'view == secureIot.boards && viewItem =~ /^board/', group: '1_board@6' },
    { command: 'secureIot.eraseFlash', when: 'view == secureIot.boards && viewItem =~ /^board/', group: '3_erase' },
    {
      command: 'secureIot.removeBoardAddress',
      when: 'view == secureIot.boards && viewItem == boardAddress',
      group: '9_remove',
    },
  ],
  'editor/title': [
    {
      command: 'secureIot.verifyCertificate',
      when: 'activeCustomEditorId == secureIot.certificate',
      group: 'navigation',
    },
  ],
};
