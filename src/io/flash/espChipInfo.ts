// Reads what a connected chip tells: type, revision, features, MAC, crystal, security state; then its flash.
import { UserError } from '../../core/errors';
import { type ChipIdentity, type FlashInfo, revisionOf, revisionText } from '../../core/firmware/chipInfo';
import {
  type ChipSecurity,
  NO_SECURITY,
  securityFromEfuses,
  securityFromReport,
} from '../../core/firmware/chipSecurity';
import { chipByName } from '../../core/firmware/chips';
import { efuseFields, efuseRegisters, efuseValue } from '../../core/firmware/efuseFields';
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
      security: securityFromReport(await report(loader)),
    };
  const said = await rom.getChipDescription(loader);
  const words = await readEfuses(loader, chip.target);
  const revision = revisionFrom(chip.target, said, words);
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
    security: security(chip.target, words, revision),
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

async function readEfuses(loader: BoardLoader, target: string): Promise<ReadonlyMap<number, number>> {
  const fields = efuseFields[target];
  const words = new Map<number, number>();
  for (const register of fields ? efuseRegisters(fields) : [])
    words.set(register, (await loader.readReg(register)) >>> 0);
  return words;
}

/** The library reads the revision of the ESP32-C2 and C6 from wrong or too few bits, so the eFuses decide. */
function revisionFrom(target: string, said: string, words: ReadonlyMap<number, number>): number | undefined {
  const fields = efuseFields[target];
  if (!fields) return revisionOf(said);
  const minor = efuseValue(fields.revisionMinor, words);
  if (fields.revisionMajor.length > 0) return efuseValue(fields.revisionMajor, words) * 100 + minor;
  const major = revisionOf(said);
  return major === undefined ? undefined : Math.floor(major / 100) * 100 + minor;
}

function security(target: string, words: ReadonlyMap<number, number>, revision: number | undefined): ChipSecurity {
  const fields = efuseFields[target];
  return fields ? securityFromEfuses(fields, words, revision) : NO_SECURITY;
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
