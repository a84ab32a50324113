// Back Up NVS…: reads a board's NVS into the certificates folder and shows what is in it, keys and passwords hidden.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { counted } from '../../core/counted';
import { formatNvsCsv } from '../../core/firmware/nvsCsv';
import { countNvsSecrets, isNvsSecret } from '../../core/firmware/nvsSecrets';
import { pickBoard } from '../boards/pickBoard';
import { type BoardDependencies, withBoardPort } from '../boards/withBoardPort';
import { certificatesFolder } from '../certificates/certificatesFolder';
import { readSetting } from '../commands';
import { withNvsKeys } from './nvsKeyFile';

/** Resolves to the path of the copy. */
export async function backUpNvsOfBoard(
  dependencies: BoardDependencies,
  options: { readonly address?: string },
): Promise<string> {
  const folder = certificatesFolder().path;
  const board = await pickBoard(dependencies.memory, 'Back Up NVS', options.address);
  const { backUpNvs, readNvsOfBoard } = await import('../../io/provisioning/boardNvs');
  const { result: nvs } = await withNvsKeys((nvsKeys) =>
    withBoardPort(dependencies, board, 'reading the NVS of', (port, work) => {
      work.onProgress({ phase: 'connecting', done: 0, total: 0, secondsLeft: undefined, what: '' });
      const baudRate = readSetting('secureIot.flash.baudRate');
      return readNvsOfBoard(port, { nvsKeys }, { ...work, baudRate, log: (line) => dependencies.log.info(line) });
    }),
  );
  const file = await backUpNvs(folder, nvs);
  void tell(file, board.address, nvs);
  return file;
}

async function tell(
  file: string,
  address: string,
  nvs: Awaited<ReturnType<typeof import('../../io/provisioning/boardNvs').readNvsOfBoard>>,
) {
  const { content, mac, encrypted, partition, advice } = nvs;
  const secrets = countNvsSecrets(content.rows);
  const show = 'Show Content';
  const hidden =
    secrets > 0
      ? ` It holds ${counted(secrets, 'key or password', 'keys and passwords')}: git ignores it, keep it secret.`
      : '';
  const where = path.relative(path.dirname(certificatesFolder().path), file);
  const text = `The partition "${partition.label}"${encrypted ? ' (encrypted)' : ''} of ${mac ?? address} is in ${where}.${hidden}`;
  const shown =
    advice === undefined
      ? vscode.window.showInformationMessage(text, show)
      : vscode.window.showWarningMessage(`${text} ${advice}`, show);
  if ((await shown) !== show) return;
  const problems = content.problems.map((problem) => `# ${problem}\n`).join('');
  const document = await vscode.workspace.openTextDocument({
    content: `# NVS of ${mac ?? address}; keys and passwords are hidden\n${problems}${formatNvsCsv(content.rows, isNvsSecret)}`,
  });
  await vscode.window.showTextDocument(document);
}
