// Firmware that keeps its identity in NVS: CA, certificate and key as the firmware template "nvs" reads them.
import { readNvsImage } from '../../src/core/firmware/nvsReader';
import type { DemoConfig } from './demoConfig';
import { PARTITION_TABLE_OFFSET } from './demoImage';
import type { FlashChip } from './flashChip';
import { readPartitionTable } from './partitions';

const NVS = { type: 1, subtype: 2 };

/** The configuration with what NVS holds, or the line that the sketch prints where something is missing. */
export function withNvsIdentity(flash: FlashChip, config: DemoConfig): DemoConfig | string {
  const { nvsNamespace } = config;
  if (nvsNamespace === undefined) return config;
  const partition = readPartitionTable(flash.bytes, PARTITION_TABLE_OFFSET)?.find(
    ({ type, subtype }) => type === NVS.type && subtype === NVS.subtype,
  );
  const found = new Map<string, string>();
  let namespace = '';
  for (const row of partition ? readNvsImage(flash.read(partition.offset, partition.size)).rows : []) {
    if (row.kind === 'namespace') namespace = row.key;
    else if (namespace === nvsNamespace && row.value.kind === 'string')
      found.set(row.key, new TextDecoder().decode(row.value.bytes));
  }
  const [ca, cert, key] = ['root_ca', 'device_cert', 'device_key'].map((name) => found.get(name));
  if (ca && cert && key) return { ...config, ca, cert, key };
  const missing = !ca ? 'root_ca' : !cert ? 'device_cert' : 'device_key';
  return `[secure-iot] NVS has no "${missing}" in "${nvsNamespace}": write nvs.bin to the nvs partition (README.md)`;
}
