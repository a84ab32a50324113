// Where the certificates of this window live, and what new ones are like: the settings of the first workspace folder.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/errors';
import { type BoardStackId, parseBoardStack } from '../../core/pki/boardStack';
import { parseCrlUrl } from '../../core/pki/crlUrl';
import { type KeyKind, parseKeyKind } from '../../core/pki/keyKind';
import { readSetting } from '../commands';

export interface CertificatesFolder {
  readonly workspace: vscode.WorkspaceFolder;
  /** Absolute. */
  readonly path: string;
  /** As the setting says it. */
  readonly name: string;
}

/** Undefined without an open folder on a disk. */
export function findCertificatesFolder(): CertificatesFolder | undefined {
  const workspace = vscode.workspace.workspaceFolders?.[0];
  if (workspace?.uri.scheme !== 'file') return undefined;
  const name = readSetting('secureIot.certificates.folder', workspace);
  return { workspace, path: path.resolve(workspace.uri.fsPath, name), name };
}

/** Throws UserError "no-folder" without an open folder. */
export function certificatesFolder(): CertificatesFolder {
  const folder = findCertificatesFolder();
  if (folder) return folder;
  throw new UserError('no-folder', 'Open a folder first: the certificates are kept in it.', {
    title: 'Open Folder',
    command: 'vscode.openFolder',
  });
}

/** What the settings say about new certificates. */
export function issueSettings(): {
  readonly keyKind: KeyKind;
  readonly stack: BoardStackId;
  readonly crlUrl?: string;
} {
  const { workspace } = certificatesFolder();
  const crlUrl = readSetting('secureIot.certificates.crlUrl', workspace);
  return {
    ...(crlUrl ? { crlUrl: parseCrlUrl(crlUrl) } : {}),
    keyKind: parseKeyKind(readSetting('secureIot.certificates.keyType', workspace)),
    stack: parseBoardStack(readSetting('secureIot.certificates.boardStack', workspace)),
  };
}
