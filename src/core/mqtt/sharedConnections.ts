// Connections as a file to be shared: profiles, which hold no secret, as this extension writes and reads them.
import { UserError } from '../errors';
import { list, object, oneOf, ParseError } from '../parse';
import { type ConnectionProfile, profile } from './connectionProfile';

const MARK = 'secureIotConnections';
const sharedFile = object({ [MARK]: oneOf(1), connections: list(profile, 1_000) });

export function sharedConnections(connections: readonly ConnectionProfile[]): string {
  return `${JSON.stringify({ [MARK]: 1, connections }, null, 2)}\n`;
}

/** Undefined for a file of another kind. Throws UserError `import-value` for one of ours that is damaged. */
export function readSharedConnections(text: string): readonly ConnectionProfile[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof json !== 'object' || json === null || !(MARK in json)) return undefined;
  try {
    return sharedFile(json, 'file').connections;
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new UserError(
      'import-value',
      `This file of connections cannot be read: ${error.message}. Export them again.`,
    );
  }
}
