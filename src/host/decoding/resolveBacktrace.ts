// A crash's addresses as source lines: with the ELF file of the workspace's newest build, or one that is picked.
import * as vscode from 'vscode';
import type { CrashDump } from '../../core/decode/crashDump';
import { CancelledError, UserError } from '../../core/errors';
import type { ExplainDocuments } from './explainDocument';
import { newestElf } from './newestElf';

export interface BacktraceOptions {
  /** What the board printed: a backtrace, or a crash with its registers and stack. */
  readonly text?: string;
  readonly crash?: CrashDump;
  readonly elf?: string;
}

export async function resolveBacktrace(documents: ExplainDocuments, options: BacktraceOptions): Promise<void> {
  const { escapeMarkdown } = await import('../../core/escapeMarkdown');
  const crash = options.crash ?? (await crashIn(options.text ?? (await askForText())));
  if (!crash)
    throw new UserError(
      'no-addresses',
      'That text holds no code addresses. Choose the line that starts with "Backtrace:", or a crash with its registers.',
    );
  const { resolveCrash } = await import('../../io/decode/addressResolver');
  const { frameLinks } = await import('./frameLinks');
  const elf = options.elf ?? (await newestElf()) ?? (await pickElf());
  const frames = await resolveCrash(elf, crash);
  await documents.show(
    'Backtrace',
    `# Backtrace\n\n${frameLinks(frames)}\n\nRead from ${escapeMarkdown(elf)}. If the functions make no sense, the board runs another build.${crash.stack.length > 0 ? FROM_STACK : ''}\n`,
  );
}

const FROM_STACK =
  ' The chip printed no backtrace: these are the calls whose return addresses lie on its stack, the latest first. Old ones may be among them.';

async function crashIn(text: string): Promise<CrashDump | undefined> {
  const { CrashReader } = await import('../../core/decode/crashDump');
  const reader = new CrashReader();
  const dumps = [...text.split(/\r?\n/).map((line) => reader.next(line)), reader.end()].filter(
    (dump) => dump !== undefined,
  );
  // A stack says more than the counters in front of it.
  return dumps.toSorted((a, b) => b.addresses.length + b.stack.length - a.addresses.length - a.stack.length)[0];
}

/** What is selected in the editor, all of it for a crash; else it is asked for. */
async function askForText(): Promise<string> {
  const editor = vscode.window.activeTextEditor;
  if (editor && !editor.selection.isEmpty) return editor.document.getText(editor.selection);
  const text = await vscode.window.showInputBox({
    title: 'Resolve Backtrace',
    prompt: 'The line that starts with "Backtrace:"; a whole crash is taken from what is selected in the editor',
    placeHolder: 'Backtrace: 0x400d1fdc:0x3ffb1f50 0x400d2f31:0x3ffb1f70',
    ignoreFocusOut: true,
  });
  if (!text) throw new CancelledError();
  return text;
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
