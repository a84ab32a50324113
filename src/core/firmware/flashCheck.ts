// A flash plan against the board it is for: chip, sizes, partitions, images, security; before a byte is sent.
import { UserError } from '../errors';
import { revisionText } from './chipInfo';
import { type Chip, chipByImageId } from './chips';
import { type FlashFile, hex, SECTOR } from './flashFile';
import type { FlashPlan } from './flashPlan';
import { type ImageHeader, type ImageProblem, readImage, type Sha256, startsLikeImage } from './imageHeader';
import {
  LAST_TABLE_OFFSET,
  PARTITION_TABLE_OFFSET,
  PARTITION_TYPE_APP,
  type Partition,
  readPartitionTable,
  startsLikePartitionTable,
} from './partitionTable';
import { megabytes } from './sizeText';

/** The chip on the line, as far as it matters for what may be written. */
export interface FlashTarget {
  readonly chip: Chip;
  /** Undefined where the flash did not tell. */
  readonly flashBytes: number | undefined;
  /** Times 100; undefined where the chip did not tell. */
  readonly revision: number | undefined;
  readonly secureBoot: boolean;
  /** Where it looks for an image's signature; undefined while Secure Boot is off. */
  readonly secureBootVersion?: 1 | 2 | undefined;
  readonly flashEncryption: boolean;
  /** What the board's flash holds; `none` is erased or damaged, undefined was not read. */
  readonly partitions?: readonly Partition[] | 'none' | undefined;
}

export interface Hashes {
  readonly sha256: Sha256;
  readonly md5: (bytes: Uint8Array) => Uint8Array;
}

/** A file from an offset of the flash on. */
interface Cut {
  readonly file: FlashFile;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** A piece of a file that the boot chain will read as an image. */
interface Piece extends Cut {
  /** `bootloader`, or the label of the app partition. */
  readonly role: string;
}

/** Checks the plan against the chip; throws UserError. Returns remarks that do not stop the flashing. */
export function checkPlan(plan: FlashPlan, target: FlashTarget, hashes: Hashes): string[] {
  const { chip, flashBytes } = target;
  if (plan.builtFor && plan.builtFor.target !== chip.target)
    throw wrongChip(`This build is for the ${plan.builtFor.name}`, chip);
  checkSecurity(plan, target);
  for (const { offset, bytes, name } of plan.files)
    if (flashBytes !== undefined && offset + bytes.length > flashBytes)
      throw new UserError(
        'image-too-large',
        `${name} ends at ${hex(offset + bytes.length)}, beyond the ${megabytes(flashBytes)} of flash on this board. Build it for a smaller flash, or use another board.`,
      );
  const remarks: string[] = [];
  const held = writesTable(plan) ? undefined : target.partitions;
  const partitions = partitionsOf(plan, hashes) ?? (held === 'none' ? undefined : held);
  checkPartitions(plan, partitions ?? []);
  if (held !== undefined) remarks.push(...strayApps(plan, chip, held));
  for (const piece of pieces(plan, chip, partitions)) {
    const image = readImage(piece.bytes, chip.imageId === undefined, hashes.sha256);
    if ('kind' in image) throw broken(piece, image);
    remarks.push(...checkImage(piece, image, target));
  }
  return remarks;
}

/** Whether a partition table is written, or what is at its usual place. */
export function writesTable(plan: FlashPlan): boolean {
  return (tableIn(plan) ?? cut(plan, PARTITION_TABLE_OFFSET)) !== undefined;
}

/** CONFIG_PARTITION_TABLE_OFFSET may have moved it. */
function tableIn(plan: FlashPlan): Cut | undefined {
  for (let offset = PARTITION_TABLE_OFFSET; offset <= LAST_TABLE_OFFSET; offset += SECTOR) {
    const found = cut(plan, offset);
    if (!found || !startsLikePartitionTable(found.bytes)) continue;
    // inside another file two bytes may be chance
    if (found.file.offset === offset || readPartitionTable(found.bytes)) return found;
  }
  return undefined;
}

/** Applications that the bootloader will not find by the partition table on the board. */
function strayApps(plan: FlashPlan, chip: Chip, held: readonly Partition[] | 'none'): string[] {
  const apps = plan.files.filter((f) => f.offset !== chip.bootloaderOffset && startsLikeImage(f.bytes));
  if (held === 'none')
    return apps.map(
      ({ name }) =>
        `The board has no valid partition table: without one its bootloader does not find ${name}. Flash bootloader and partition table as well.`,
    );
  const places = held.filter(({ type }) => type === PARTITION_TYPE_APP);
  const known = places.map(({ label, offset }) => `"${label}" at ${hex(offset)}`).join(', ') || 'none';
  return apps
    .filter(({ offset }) => !places.some((place) => place.offset === offset))
    .map(
      ({ name, offset }) =>
        `No application partition of this board starts at ${hex(offset)} (it has ${known}): the bootloader will not start ${name}.`,
    );
}

/** The partition table that the plan writes, if it does. A damaged one is refused. */
function partitionsOf(plan: FlashPlan, hashes: Hashes): Partition[] | undefined {
  const table = tableIn(plan);
  const found = table ?? cut(plan, PARTITION_TABLE_OFFSET);
  if (!found || (found.bytes[0] === 0xff && found.bytes[1] === 0xff)) return undefined;
  const partitions = readPartitionTable(found.bytes, hashes.md5);
  const { file, offset, bytes } = found;
  const meant = file.offset === offset ? !startsLikeImage(bytes) : startsLikePartitionTable(bytes);
  if (!partitions && meant)
    throw new UserError(
      'partition-table-damaged',
      `${file.name} at ${hex(offset)} is not a valid partition table. Build the project again.`,
    );
  return partitions;
}

/** Where an image must be: the bootloader's place and the app partitions (or 0x10000 without a table). */
function pieces(plan: FlashPlan, chip: Chip, partitions: readonly Partition[] | undefined): Piece[] {
  const apps = partitions
    ?.filter((p) => p.type === PARTITION_TYPE_APP)
    .map((p) => ({ offset: p.offset, role: `partition "${p.label}"` }));
  const places = [
    { offset: chip.bootloaderOffset, role: chip.imageId === undefined ? 'application' : 'bootloader' },
    ...(apps ?? (chip.imageId === undefined ? [] : [{ offset: 0x10000, role: 'application' }])),
  ];
  const found: Piece[] = [];
  for (const { offset, role } of places) {
    const piece = cut(plan, offset);
    // inside a merged file a place may be left erased; a file of its own at that place must be an image
    if (piece && (piece.file.offset === offset || piece.bytes[0] !== 0xff)) found.push({ ...piece, role });
  }
  for (const file of plan.files)
    if (startsLikeImage(file.bytes) && !found.some((p) => p.file === file))
      found.push({ file, offset: file.offset, bytes: file.bytes, role: 'image' });
  return found;
}

/** The bytes that the plan writes from `offset` on, and the file they are in. */
function cut(plan: FlashPlan, offset: number): Cut | undefined {
  const file = plan.files.find((f) => f.offset <= offset && offset < f.offset + f.bytes.length);
  return file && { file, offset, bytes: file.bytes.subarray(offset - file.offset) };
}

function checkPartitions(plan: FlashPlan, partitions: readonly Partition[]): void {
  for (const { offset, bytes, name } of plan.files) {
    const own = partitions.find((p) => p.offset === offset);
    if (own && bytes.length > own.size)
      throw new UserError(
        'image-too-large',
        `${name} has ${bytes.length} bytes, the partition "${own.label}" only ${own.size}. Enlarge the partition in the partition table and flash that as well, or shrink the image.`,
      );
  }
}

/** First bytes of a Secure Boot V2 signature block, which starts the next sector after the image. */
const SIGNATURE_V2 = [0xe7, 0x02];
/** That of V1 follows the image at once: its version, and the signature's 64 bytes. */
const SIGNATURE_V1 = [0, 0, 0, 0];
const SIGNATURE_V1_LENGTH = 68;

function isSigned({ bytes }: Piece, { length }: ImageHeader, version: 1 | 2): boolean {
  const at = version === 1 ? length : Math.ceil(length / SECTOR) * SECTOR;
  if (version === 1 && bytes.length < at + SIGNATURE_V1_LENGTH) return false;
  return (version === 1 ? SIGNATURE_V1 : SIGNATURE_V2).every((byte, index) => bytes[at + index] === byte);
}

function checkImage(piece: Piece, image: ImageHeader, target: FlashTarget): string[] {
  const { file, role } = piece;
  const { chip, revision, flashBytes } = target;
  const { secureBootVersion: version } = target;
  if (version && !isSigned(piece, image, version))
    throw new UserError(
      'secure-boot-unsigned',
      `This board has Secure Boot V${version} switched on and starts signed images only; ${file.name} has no signature. Sign it with "espsecure sign-data --version ${version}", then flash that.`,
    );
  if (image.chipId !== undefined && image.chipId !== chip.imageId) {
    const other = chipByImageId(image.chipId)?.name ?? `chip id ${image.chipId}`;
    throw wrongChip(`${file.name} is for the ${other}`, chip);
  }
  if (revision !== undefined && revision < image.minRevision)
    throw new UserError(
      'wrong-chip-revision',
      `${file.name} needs chip revision ${revisionText(image.minRevision)} or later, this ${chip.name} is ${revisionText(revision)}. Lower the minimum revision in the project's configuration.`,
    );
  if (role === 'bootloader' && flashBytes !== undefined && image.flashBytes > flashBytes)
    return [
      `${file.name} was built for ${megabytes(image.flashBytes)} of flash, this board has ${megabytes(flashBytes)}: it may stop at boot.`,
    ];
  return [];
}

/** Plain firmware on a chip that decrypts or verifies what it boots leaves a board that never starts again. */
function checkSecurity(plan: FlashPlan, { chip, secureBoot, flashEncryption }: FlashTarget): void {
  if (flashEncryption)
    throw new UserError(
      'flash-encrypted',
      'This board has flash encryption switched on: plain images would make it unbootable, and plain data may be garbage to it. Update it over the air, or flash images encrypted with its key by espsecure and esptool.',
    );
  const bootloader = cut(plan, chip.bootloaderOffset);
  if (secureBoot && bootloader && chip.imageId !== undefined)
    throw new UserError(
      'secure-boot',
      'This board has Secure Boot switched on: a bootloader with another signature would make it unbootable. Leave the bootloader out and flash a signed application only.',
    );
}

function wrongChip(what: string, chip: Chip): UserError {
  return new UserError(
    'wrong-chip',
    `${what}, but the board on this port is an ${chip.name}. Build for the ${chip.name}, or choose another port.`,
  );
}

function broken({ file, offset, role }: Piece, problem: ImageProblem): UserError {
  const own = file.offset === offset;
  const at = `${file.name}${own ? '' : ` at ${hex(offset)}`}`;
  switch (problem.kind) {
    case 'no-image':
      return new UserError(
        'not-an-image',
        own
          ? `${at} is not a firmware image (it does not start with 0xe9), and would be written where the ${role} must be. Choose the .bin file of the build.`
          : `${file.name}, written from ${hex(file.offset)} on, would cover ${hex(offset)}, where the ${role} must be, with something else. Correct the offset, or choose the right file.`,
      );
    case 'truncated':
      return new UserError(
        'image-damaged',
        `${at} is cut off: it has ${problem.has} bytes and needs at least ${problem.needs}. Build or download it again.`,
      );
    case 'bad-checksum':
    case 'bad-hash':
      return new UserError(
        'image-damaged',
        `${at} is damaged: its ${problem.kind === 'bad-hash' ? 'SHA-256' : 'checksum'} does not match. Build or download it again.`,
      );
  }
}
