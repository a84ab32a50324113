// Reads the connections of other MQTT clients from the files that those keep or export: MQTT Explorer and MQTTX.
import { UserError } from '../errors';
import type { ForeignConnection } from './foreignConnection';
import { readMqttExplorer } from './mqttExplorerSettings';
import { readMqttx } from './mqttxExport';

const EXPECTED =
  'Choose the settings.json of MQTT Explorer, or connections that MQTTX exported as JSON (Connections, Export Data).';

/**
 * The connections in `text`. Throws UserError `import-format` for a file that is of neither client, and
 * `import-empty` for one without connections.
 */
export function readForeignConnections(text: string): readonly ForeignConnection[] {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new UserError('import-format', `This file is not JSON. ${EXPECTED}`);
  }
  const found = readMqttExplorer(json) ?? readMqttx(json);
  if (!found)
    throw new UserError('import-format', `There are no connections of MQTT Explorer or MQTTX in it. ${EXPECTED}`);
  if (found.length === 0) throw new UserError('import-empty', 'The file is right, and has no connection in it.');
  return found;
}
