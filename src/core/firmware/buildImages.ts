// The separate images of an Arduino or PlatformIO build, and where each goes.
import { UserError } from '../errors';
import { chipByImageId } from './chips';
import { type FlashFile, parseOffset } from './flashFile';
import { readImage, startsLikeImage } from './imageHeader';
import { PARTITION_TABLE_OFFSET, PARTITION_TYPE_APP, PARTITION_TYPE_DATA, readPartitionTable } from './partitionTable';

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface BuildImages {
  readonly app: NamedBytes;
  /** Both absent for the ESP8266, whose application starts at 0. */
  readonly bootloader: NamedBytes | undefined;
  readonly partitions: NamedBytes | undefined;
}

const SUBTYPE_OTA_DATA = 0;

/**
 * Places the images: the bootloader by its chip, the application in the first app partition. An OTA data partition is
 * written blank (0xFF), so that the bootloader starts the application just flashed and not an update from before.
 */
export function placeBuildImages({ app, bootloader, partitions }: BuildImages): FlashFile[] {
  if (!partitions || !bootloader) return [{ offset: 0, ...app }];
  const image = readImage(bootloader.bytes, false);
  const chip = 'kind' in image || image.chipId === undefined ? undefined : chipByImageId(image.chipId);
  const table = readPartitionTable(partitions.bytes);
  if (!chip)
    throw new UserError('not-an-image', `${bootloader.name} is not a bootloader image. Build the project again.`);
  const home = table?.find((p) => p.type === PARTITION_TYPE_APP);
  if (!table || !home)
    throw new UserError(
      'partition-table-damaged',
      `${partitions.name} is not a partition table with an application in it. Build the project again.`,
    );
  const otaData = table.find((p) => p.type === PARTITION_TYPE_DATA && p.subtype === SUBTYPE_OTA_DATA);
  return [
    { offset: chip.bootloaderOffset, ...bootloader },
    { offset: PARTITION_TABLE_OFFSET, ...partitions },
    ...(otaData
      ? [{ offset: otaData.offset, name: 'blank OTA data', bytes: new Uint8Array(otaData.size).fill(0xff) }]
      : []),
    { offset: home.offset, ...app },
  ];
}

/** True for an image of the whole flash, to be written at 0: it holds a partition table at its place. */
export function isMergedImage(bytes: Uint8Array): boolean {
  const atTable = bytes.subarray(PARTITION_TABLE_OFFSET);
  return (
    atTable.length > 0 && readPartitionTable(atTable) !== undefined && (bytes[0] === 0xff || startsLikeImage(bytes))
  );
}

/** PlatformIO's idedata.json (`pio project metadata`): everything but the application, and where that goes. */
export function parsePlatformioMetadata(text: string): {
  images: { offset: number; path: string }[];
  appOffset: number;
} {
  const invalid = () =>
    new UserError(
      'build-metadata-invalid',
      'idedata.json of this PlatformIO build is not usable. Build the project again.',
    );
  let json: { extra?: { flash_images?: { offset?: unknown; path?: unknown }[]; application_offset?: unknown } } | null;
  try {
    json = JSON.parse(text);
  } catch {
    throw invalid();
  }
  const images = json?.extra?.flash_images;
  if (!Array.isArray(images)) throw invalid();
  return {
    images: images.map(({ offset, path }) => {
      if (typeof offset !== 'string' || typeof path !== 'string') throw invalid();
      return { offset: parseOffset(offset), path };
    }),
    appOffset: parseOffset(String(json?.extra?.application_offset ?? '0x10000')),
  };
}
