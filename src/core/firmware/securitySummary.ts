// What a chip's security state means for whoever holds the board, in sentences.
// ESP-IDF: security/flash-encryption.html, security/secure-boot-v2.html, security/security.html (JTAG, UART download).
import type { ChipSecurity } from './chipSecurity';

/** The most important first. */
export function securitySummary(chip: string, security: ChipSecurity): string[] {
  if (security.source === 'none')
    return [
      `The ${chip} has neither flash encryption nor Secure Boot: whoever holds the board can copy keys and Wi-Fi passwords out of it, and put other firmware on it.`,
    ];
  const { secureBoot, flashEncryption, secureDownload, jtag } = security;
  return [
    flash(security),
    secureBoot
      ? 'Only firmware that is signed with the right key starts.'
      : 'Any firmware starts that somebody puts on the board: Secure Boot is off.',
    ...(secureDownload ? ['By cable the board can be written, not read.'] : []),
    ...(jtag === 'open' && (secureBoot || flashEncryption)
      ? [
          'JTAG is open: a debugger gets at memory, and by that at the decrypted flash. Disable it before boards leave your hands.',
        ]
      : []),
    ...(secureBoot && flashEncryption
      ? []
      : [
          `On the bench that does no harm. Before boards leave your hands, set ${missing(security)} in the project's configuration: the first start burns eFuses for it, which cannot be undone.`,
        ]),
  ];
}

function flash({ flashEncryption, secureDownload, manualEncrypt }: ChipSecurity): string {
  if (!flashEncryption)
    return secureDownload
      ? 'The flash is not encrypted: who reads the flash chip itself can copy keys and Wi-Fi passwords out of it.'
      : 'The flash is readable: whoever holds the board can copy keys and Wi-Fi passwords out of it.';
  return manualEncrypt
    ? 'The flash is encrypted, in development mode: the loader still encrypts what is written by cable.'
    : 'The flash is encrypted.';
}

function missing({ secureBoot, flashEncryption }: ChipSecurity): string {
  return [flashEncryption ? '' : 'CONFIG_SECURE_FLASH_ENC_ENABLED', secureBoot ? '' : 'CONFIG_SECURE_BOOT']
    .filter((option) => option !== '')
    .join(' and ');
}
