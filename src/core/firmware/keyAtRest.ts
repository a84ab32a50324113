// What protects a private key in a board's flash, and what to do where nothing does; by chip.
// ESP-IDF: soc_caps.h (SOC_HMAC_SUPPORTED, SOC_DIG_SIGN_SUPPORTED), components/nvs_sec_provider/Kconfig,
// api-reference/storage/nvs_encryption.html, security/flash-encryption.html.

export type KeyStorage = 'nvs' | 'nvs-encrypted' | 'secure-cert' | 'littlefs';

/** Have an HMAC and a Digital Signature peripheral, which take their key from an eFuse block. */
const WITH_HMAC: ReadonlySet<string> = new Set([
  'esp32s2',
  'esp32s3',
  'esp32c3',
  'esp32c5',
  'esp32c6',
  'esp32h2',
  'esp32p4',
]);

/** Sentences for a board of this `target` (`esp32c3`) without flash encryption. */
export function keyAtRestAdvice(target: string, storage: KeyStorage): string {
  const exposed =
    storage === 'nvs-encrypted'
      ? 'NVS is encrypted, but its keys lie readable in the nvs_keys partition beside it, as this board has no flash encryption: whoever holds the board can decrypt the private key.'
      : 'The private key lies readable in the flash of this board: whoever holds the board can copy it.';
  if (target === 'esp8266')
    return `${exposed} The ESP8266 cannot encrypt its flash. Give each board a key of its own, so that one can be revoked, or use a secure element (ATECC608).`;
  return `${exposed} Before boards leave your hands: ${protections(target, storage).join('; ')}. On the bench it does no harm.`;
}

function protections(target: string, storage: KeyStorage): string[] {
  const hmac = WITH_HMAC.has(target);
  const flash =
    storage === 'nvs' || storage === 'nvs-encrypted'
      ? 'switch on flash encryption (CONFIG_SECURE_FLASH_ENC_ENABLED) and NVS encryption (CONFIG_NVS_ENCRYPTION, with an nvs_keys partition marked "encrypted"); flash encryption alone does not cover NVS'
      : `switch on flash encryption (CONFIG_SECURE_FLASH_ENC_ENABLED) and mark the partition "encrypted" in the table${storage === 'littlefs' ? ', if your LittleFS port can write encrypted partitions' : ''}`;
  return [
    flash,
    ...(hmac && storage !== 'secure-cert' && storage !== 'littlefs'
      ? [
          'or let the HMAC peripheral derive the NVS keys (CONFIG_NVS_SEC_KEY_PROTECT_USING_HMAC), which needs no flash encryption',
        ]
      : []),
    hmac
      ? 'or keep the key out of flash: the Digital Signature peripheral (RSA) or a secure element (ATECC608)'
      : 'or keep the key out of flash, in a secure element (ATECC608)',
  ];
}
