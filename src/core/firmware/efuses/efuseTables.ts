// Which eFuse table a chip has, by its target name and revision. The ESP8266 has none of this.
import { type EfuseTable, type EfuseTableFile, efuseTableFrom } from './efuseTable';
import esp32 from './tables/esp32.json';
import esp32c2 from './tables/esp32c2.json';
import esp32c3 from './tables/esp32c3.json';
import esp32c5 from './tables/esp32c5.json';
import esp32c6 from './tables/esp32c6.json';
import esp32c61 from './tables/esp32c61.json';
import esp32h2 from './tables/esp32h2.json';
import esp32h2Early from './tables/esp32h2_v0.0_v1.1.json';
import esp32p4 from './tables/esp32p4.json';
import esp32p4Later from './tables/esp32p4_v3.0.json';
import esp32s2 from './tables/esp32s2.json';
import esp32s3 from './tables/esp32s3.json';

const TABLES: Readonly<Record<string, EfuseTableFile>> = {
  esp32,
  esp32s2,
  esp32s3,
  esp32c2,
  esp32c3,
  esp32c5,
  esp32c6,
  esp32c61,
  esp32h2,
  esp32p4,
};

/** `revision` times 100; without it the one in which the revision itself can be looked up: it stands in one place. */
export function efuseTableOf(target: string, revision?: number): EfuseTable | undefined {
  const table = TABLES[target];
  if (!table) return undefined;
  if (target === 'esp32p4' && (revision ?? 0) >= 300) return efuseTableFrom(esp32p4Later);
  const { fields, purposes } = efuseTableFrom(table);
  const early = target === 'esp32h2' && (revision ?? 102) < 102 ? efuseTableFrom(esp32h2Early).fields : [];
  return { fields: new Map([...fields, ...early]), purposes };
}
