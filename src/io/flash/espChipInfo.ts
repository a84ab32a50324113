// Reads what a connected chip tells: type, revision, features, MAC, crystal, security state; then its flash.
import { UserError } from '../../core/errors';
import { type ChipIdentity, type FlashInfo, revisionOf, revisionText } from '../../core/firmware/chipInfo';
import { NO_SECURITY, SECURITY_EFUSES, securityFromEfuses, securityFromReport } from '../../core/firmware/chipSecurity';
import { chipByName } from '../../core/firmware/chips';
import { type EfuseTable, type EfuseWords, efuseRegisters, splitEfuse } from '../../core/firmware/efuses/efuseTable';
import { efuseTableOf } from '../../core/firmware/efuses/efuseTables';
import { readEfuseWords } from './espEfuses';
import type { BoardLoader } from './espToolQuirks';

/** Before the stub runs, because what is burnt decides whether it may. */
export async function readChipIdentity(loader: BoardLoader): Promise<ChipIdentity> {
  const rom = loader.chip;
  const chip = chipByName(rom.CHIP_NAME);
  if (!chip)
    throw new UserError('chip-unknown', `The ${rom.CHIP_NAME} is not supported yet. Use Espressif's esptool for it.`);
  if (loader.secureDownloadMode)
    return {
      chip,
      description: chip.name,
      revision: undefined,
      features: [],
      crystalMHz: undefined,
      mac: undefined,
      security: securityFromReport(await report(loader), efuseTableOf(chip.target)?.purposes ?? {}),
    };
  const said = await rom.getChipDescription(loader);
  const efuses = await readIdentityEfuses(loader, chip.target);
  const revision = efuses ? revisionFrom(efuses, said) : revisionOf(said);
  const name = said.replace(/\s*\(revision.*\)$/, '');
  const features = (await rom.getChipFeatures(loader)).map((feature) => feature.trim());
  const crystalMHz = Number(await rom.getCrystalFreq(loader));
  const mac = await rom.readMac(loader);
  await rom.postConnect?.(loader);
  return {
    chip,
    description: `${/^unknown/i.test(name) ? chip.name : name}${revision === undefined ? '' : ` (revision ${revisionText(revision)})`}`,
    revision,
    features,
    crystalMHz,
    mac,
    security: efuses ? securityFrom(efuses, chip.target, revision) : NO_SECURITY,
  };
}

/** After the stub runs, or after `attachFlash`: the pins of the flash are not connected before. */
export async function readFlashInfo(loader: BoardLoader): Promise<FlashInfo> {
  if (loader.secureDownloadMode) return { flashBytes: undefined, flashId: undefined };
  const flashId = await loader.readFlashId();
  return {
    flashBytes: flashBytes(loader.DETECTED_FLASH_SIZES[(flashId >> 16) & 0xff]),
    flashId: flashId & 0xffffff,
  };
}

interface IdentityEfuses {
  readonly table: EfuseTable;
  readonly words: EfuseWords;
}

const REVISION_EFUSES = ['WAFER_VERSION_MAJOR', 'WAFER_VERSION_MINOR'].flatMap((name) => [
  name,
  `${name}_LO`,
  `${name}_HI`,
]);

/** Undefined for a chip without them. */
async function readIdentityEfuses(loader: BoardLoader, target: string): Promise<IdentityEfuses | undefined> {
  const table = efuseTableOf(target);
  if (!table) return undefined;
  // the last revision has the most fields for security, and which one this is stands in these words too
  const registers = [table, efuseTableOf(target, Number.POSITIVE_INFINITY) ?? table].flatMap((one) =>
    efuseRegisters(one, [...REVISION_EFUSES, ...SECURITY_EFUSES]),
  );
  return { table, words: await readEfuseWords(loader, registers) };
}

/** The library reads the revision of the ESP32-C2 and C6 from wrong or too few bits, so the eFuses decide. */
function revisionFrom({ table, words }: IdentityEfuses, said: string): number | undefined {
  const minor = splitEfuse(table, words, 'WAFER_VERSION_MINOR') ?? 0;
  const major = splitEfuse(table, words, 'WAFER_VERSION_MAJOR');
  if (major !== undefined) return major * 100 + minor;
  // the ESP32's is scattered over three registers, with gaps: the library knows
  const known = revisionOf(said);
  return known === undefined ? undefined : Math.floor(known / 100) * 100 + minor;
}

function securityFrom({ table, words }: IdentityEfuses, target: string, revision: number | undefined) {
  return securityFromEfuses(efuseTableOf(target, revision) ?? table, words, revision);
}

async function report(loader: BoardLoader) {
  const { parsedFlags, flashCryptCnt, keyPurposes } = await loader.getSecurityInfo();
  return { flags: { ...parsedFlags }, cryptCount: flashCryptCnt, keyPurposes };
}

/** `4MB`, `512KB`. */
function flashBytes(size: string | undefined): number | undefined {
  const match = /^(\d+)(KB|MB)$/.exec(size ?? '');
  return match ? Number(match[1]) * (match[2] === 'MB' ? 1024 * 1024 : 1024) : undefined;
}
