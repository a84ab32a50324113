// Above a partitions.csv: its page, and the way onto a board.
import * as vscode from 'vscode';
import type { CommandId } from '../../contributions/commands';
import { looksLikePartitionCsv } from '../../core/firmware/partitionCsv';

export function partitionLenses(document: vscode.TextDocument): vscode.CodeLens[] {
  if (!looksLikePartitionCsv(document.getText())) return [];
  const lens = (title: string, command: CommandId) =>
    new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { title, command, arguments: [{ uri: document.uri }] });
  return [
    lens('$(list-flat) Show as Page', 'secureIot.showPartitionTable'),
    lens('$(zap) Write to Board…', 'secureIot.writePartitionTable'),
  ];
}
