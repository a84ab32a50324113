// A crash's addresses as source lines: with the ELF file of the workspace's newest build, or one that is picked.
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';
import type { ExplainDocuments } from './explainDocument';

export interface BacktraceOptions {
  /** The line as the board printed it. */
  readonly line: string;
  readonly elf?: string;
}

export async function resolveBacktrace(documents: ExplainDocuments, options: BacktraceOptions): Promise<void> {
  const { codeAddresses, frameText } = await import('../../core/decode/backtrace');
  const { escapeMarkdown } = await import('../../core/decode/explanationMarkdown');
  const addresses = codeAddresses(options.line);
  if (addresses.length === 0)
    throw new UserError(
      'no-addresses',
      'That line holds no code addresses. Choose the one that starts with "Backtrace:".',
    );
  const { findElf, resolveAddresses } = await import('../../io/addressResolver');
  const elf = options.elf ?? (await newestElf(findElf)) ?? (await pickElf());
  const frames = await resolveAddresses(elf, addresses);
  const rows = frames.map((frame) => {
    const place = frame.file ? vscode.Uri.file(frame.file).with({ fragment: `L${frame.line}` }) : undefined;
    const text = escapeMarkdown(frameText(frame));
    return `1. ${place ? `[${text}](${place.toString(true).replace(/[()\s]/g, encodeURIComponent)})` : text}`;
  });
  await documents.show(
    'Backtrace',
    `# Backtrace\n\n${rows.join('\n')}\n\nRead from ${escapeMarkdown(elf)}. If the functions make no sense, the board runs another build.\n`,
  );
}

async function newestElf(find: (root: string) => Promise<string | undefined>): Promise<string | undefined> {
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    const elf = uri.scheme === 'file' ? await find(uri.fsPath) : undefined;
    if (elf) return elf;
  }
  return undefined;
}

async function pickElf(): Promise<string> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: 'Resolve Backtrace: the ELF file of this firmware',
      openLabel: 'Use',
      filters: { 'ELF files': ['elf'], 'All files': ['*'] },
    })) ?? [];
  if (!uri) throw new CancelledError();
  return uri.fsPath;
}
