// Back Up NVS…: reads a board's NVS into the certificates folder and shows what is in it, keys and passwords hidden.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { progressText } from '../../core/firmware/flashProgress';
import { formatNvsCsv } from '../../core/firmware/nvsCsv';
import { countNvsSecrets, isNvsSecret } from '../../core/firmware/nvsSecrets';
import type { PortOwnership } from '../../io/portOwnership';
import { pickBoard } from '../boards/pickBoard';
import { certificatesFolder } from '../certificates/certificatesFolder';
import { readSetting } from '../commands';
import type { Log } from '../log';
import { withProgress } from '../progress';

export interface BackUpNvsDependencies {
  readonly memory: vscode.Memento;
  readonly ports: PortOwnership;
  readonly log: Log;
}

/** Resolves to the path of the copy. */
export async function backUpNvsOfBoard(
  { memory, ports, log }: BackUpNvsDependencies,
  options: { readonly address?: string },
): Promise<string> {
  const folder = certificatesFolder().path;
  const board = await pickBoard(memory, 'Back Up NVS', options.address);
  const { backUpNvs, readNvsOfBoard } = await import('../../io/boardNvs');
  const { openBoardPort } = await import('../../io/openPort');
  const leaveInLoader = ports.ownerOf(board.address) !== undefined;
  const release = await ports.acquire(board.address, { name: 'reading NVS' });
  try {
    const nvs = await withProgress(`Reading the NVS of ${board.name}`, async ({ signal, report }) => {
      report(progressText({ phase: 'connecting', done: 0, total: 0, secondsLeft: undefined, what: '' }));
      const port = await openBoardPort(board.address, board.port);
      const baudRate = readSetting('secureIot.flash.baudRate');
      return readNvsOfBoard(port, {}, { baudRate, signal, leaveInLoader, log: (line) => log.info(line) });
    });
    const file = await backUpNvs(folder, nvs);
    void tell(file, board.address, nvs);
    return file;
  } finally {
    await release();
  }
}

async function tell(
  file: string,
  address: string,
  nvs: Awaited<ReturnType<typeof import('../../io/boardNvs').readNvsOfBoard>>,
) {
  const { content, mac, encrypted, partition } = nvs;
  const secrets = countNvsSecrets(content.rows);
  const show = 'Show Content';
  const hidden = secrets > 0 ? ` ${secrets} keys and passwords in it make it a secret: git ignores it.` : '';
  const where = path.relative(path.dirname(certificatesFolder().path), file);
  const text = `The partition "${partition.label}"${encrypted ? ' (encrypted)' : ''} of ${mac ?? address} is in ${where}.${hidden}`;
  if ((await vscode.window.showInformationMessage(text, show)) !== show) return;
  const problems = content.problems.map((problem) => `# ${problem}\n`).join('');
  const document = await vscode.workspace.openTextDocument({
    content: `# NVS of ${mac ?? address}; keys and passwords are hidden\n${problems}${formatNvsCsv(content.rows, isNvsSecret)}`,
  });
  await vscode.window.showTextDocument(document);
}
