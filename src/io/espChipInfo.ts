// Reads what a connected chip tells: type, revision, features, MAC, crystal, flash and security state.

import { UserError } from '../core/errors';
import {
  type ChipInfo,
  type ChipSecurity,
  esp32Security,
  NO_SECURITY,
  oddBits,
  revisionOf,
} from '../core/firmware/chipInfo';
import { chipByName } from '../core/firmware/chips';
import type { BoardLoader } from './espToolQuirks';

/** EFUSE_BLK0_RDATA0_REG of the ESP32; word n lies 4n bytes further. */
const ESP32_EFUSE = 0x3ff5a000;

/** Works before and after the stub was loaded. In Secure Download Mode registers cannot be read. */
export async function readChipInfo(loader: BoardLoader): Promise<ChipInfo> {
  const rom = loader.chip;
  const chip = chipByName(rom.CHIP_NAME);
  if (!chip)
    throw new UserError('chip-unknown', `The ${rom.CHIP_NAME} is not supported yet. Use Espressif's esptool for it.`);
  if (loader.secureDownloadMode)
    return {
      chip,
      description: rom.CHIP_NAME,
      revision: undefined,
      features: [],
      crystalMHz: undefined,
      mac: undefined,
      flashBytes: undefined,
      flashId: undefined,
      security: await readSecurity(loader, undefined),
    };
  const description = await rom.getChipDescription(loader);
  const revision = revisionOf(description);
  const features = (await rom.getChipFeatures(loader)).map((feature) => feature.trim());
  const crystalMHz = Number(await rom.getCrystalFreq(loader));
  const mac = await rom.readMac(loader);
  await rom.postConnect?.(loader);
  const flashId = await loader.readFlashId();
  return {
    chip,
    description,
    revision,
    features,
    crystalMHz,
    mac,
    flashBytes: flashBytes(loader.DETECTED_FLASH_SIZES[(flashId >> 16) & 0xff]),
    flashId: flashId & 0xffffff,
    security: await readSecurity(loader, revision),
  };
}

async function readSecurity(loader: BoardLoader, revision: number | undefined): Promise<ChipSecurity> {
  if (loader.chip.CHIP_NAME === 'ESP8266') return NO_SECURITY;
  if (loader.chip.CHIP_NAME === 'ESP32') {
    const word0 = await loader.readReg(ESP32_EFUSE);
    const word6 = await loader.readReg(ESP32_EFUSE + 6 * 4);
    return esp32Security(word0, word6, revision);
  }
  const { parsedFlags, flashCryptCnt } = await loader.getSecurityInfo();
  return {
    source: 'rom',
    secureBoot: parsedFlags.SECURE_BOOT_EN,
    flashEncryption: oddBits(flashCryptCnt),
    secureDownload: parsedFlags.SECURE_DOWNLOAD_ENABLE,
    jtagDisabled: parsedFlags.HARD_DIS_JTAG || parsedFlags.SOFT_DIS_JTAG,
  };
}

/** `4MB`, `512KB`. */
function flashBytes(size: string | undefined): number | undefined {
  const match = /^(\d+)(KB|MB)$/.exec(size ?? '');
  return match ? Number(match[1]) * (match[2] === 'MB' ? 1024 * 1024 : 1024) : undefined;
}
