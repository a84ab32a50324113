// Start Broker with a Fault…: which one, and what a board will print.
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';
import type { FaultId, FaultKind } from '../../core/mqtt/brokerFaults';
import { runCommand } from '../commands';
import type { RunningBroker } from './brokerHost';

const KINDS: Readonly<Record<FaultKind, string>> = {
  certificate: 'The certificate is wrong',
  settings: 'The broker is set up oddly',
  port: 'There is no TLS at all',
};

/** `given`: the command's argument. Throws UserError `no-fault` for a name that is none. */
export async function chooseFault(given: unknown): Promise<FaultId> {
  const { BROKER_FAULTS, faultOf, isFaultId } = await import('../../core/mqtt/brokerFaults');
  if (typeof given === 'string') {
    if (isFaultId(given)) return given;
    throw new UserError(
      'no-fault',
      `There is no fault "${given}". There are: ${Object.keys(BROKER_FAULTS).join(', ')}.`,
    );
  }
  const ids = Object.keys(BROKER_FAULTS) as FaultId[];
  const rows = (Object.keys(KINDS) as FaultKind[]).flatMap((kind) => [
    { label: KINDS[kind], kind: vscode.QuickPickItemKind.Separator },
    ...ids
      .filter((id) => faultOf(id).kind === kind)
      .map((id) => ({ label: faultOf(id).label, description: id, detail: `It ${faultOf(id).does}.`, id })),
  ]);
  const choice = await vscode.window.showQuickPick(rows, {
    title: 'Start Broker with a Fault',
    placeHolder: 'What goes wrong on purpose, so that you see what a board prints',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (!choice || !('id' in choice)) throw new CancelledError();
  return choice.id;
}

export async function announceFault({ port, fault }: RunningBroker): Promise<void> {
  if (!fault) return;
  const { describeFault } = await import('../../core/mqtt/brokerFaults');
  const diagnose = 'Diagnose Connection';
  const mend = 'Start without the Fault';
  const choice = await vscode.window.showWarningMessage(
    `mqtts://localhost:${port} has a fault on purpose. ${describeFault(fault)}`,
    diagnose,
    mend,
  );
  if (choice === diagnose) await runCommand('secureIot.diagnoseConnection');
  if (choice !== mend) return;
  await runCommand('secureIot.stopBroker');
  await runCommand('secureIot.startBroker');
}
