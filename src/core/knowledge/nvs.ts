// Non-volatile storage: what keeps Wi-Fi settings, certificates and keys on an ESP32.
import type { Entry } from './entry';
import { entriesFrom, named } from './plainEntry';

const entry = entriesFrom('esp-idf components/nvs_flash/include/nvs.h; docs api-reference/storage/nvs_flash');
const sec = entriesFrom('esp-idf components/nvs_sec_provider/include/nvs_sec_provider.h');

const eraseAndInit =
  'Call nvs_flash_erase() and then nvs_flash_init() again, as the examples of ESP-IDF do; what was stored is lost.';
const encryption = entry(
  'NVS encryption: the stored data and the keys of the chip do not fit.',
  [
    'The nvs_keys partition was erased or replaced, or the data was written by a chip with other keys.',
    'A plain NVS image was flashed where the firmware expects an encrypted one, or the reverse.',
  ],
  ['Write image and keys from one run of the generator, and flash both; or erase both partitions.'],
);
const badArgument = entry(
  'NVS was given a name, handle or length it cannot use.',
  ['A namespace or key that is empty or longer than 15 characters, or a handle that was closed.'],
  ['Keep namespaces and keys at 15 characters at most, and check what nvs_open() returned.'],
);

export const nvsEntries: Readonly<Record<string, Entry>> = {
  ESP_ERR_NVS_NOT_INITIALIZED: entry(
    'NVS was used before nvs_flash_init().',
    ['nvs_flash_init() was not called, failed, or was called for another partition.'],
    ['Call nvs_flash_init() first thing in app_main(), and check its result.'],
  ),
  ESP_ERR_NVS_NOT_FOUND: entry(
    'NVS has no such namespace or key.',
    [
      'Nothing was written there yet: at the first start that is normal.',
      'The certificates were never provisioned, or under another namespace or key.',
      'A namespace is opened read-only before anything was written to it.',
    ],
    [
      'Treat it as "not set yet" in the code.',
      'See what is in the partition: secure-iot nvs dump FILE; write what is missing with secure-iot nvs build.',
    ],
  ),
  ESP_ERR_NVS_TYPE_MISMATCH: entry(
    'The key holds a value of another type.',
    ['It was written as a blob and is read as a string, or as a number of another size.'],
    ['Read it with the function of the type it was written with, or erase the key.'],
  ),
  ESP_ERR_NVS_READ_ONLY: entry(
    'NVS was opened for reading only.',
    ['nvs_open() with NVS_READONLY, or Preferences.begin(name, true).'],
    ['Open it with NVS_READWRITE.'],
  ),
  ESP_ERR_NVS_NOT_ENOUGH_SPACE: entry(
    'The NVS partition is full.',
    ['Certificates and keys take 2 to 4 kB each, and one page is always kept free.'],
    ['Make the nvs partition larger (at least 0x6000 with certificates), or erase keys that are not needed.'],
  ),
  ESP_ERR_NVS_NO_FREE_PAGES: entry(
    'NVS found no free page to start with.',
    ['The partition was made smaller, or holds something that is no NVS.'],
    [eraseAndInit],
  ),
  ESP_ERR_NVS_NEW_VERSION_FOUND: entry(
    'The NVS partition was written by a newer NVS format than this firmware reads.',
    ['An older firmware runs on a partition of a newer one.'],
    [eraseAndInit],
  ),
  ESP_ERR_NVS_PART_NOT_FOUND: entry(
    'The partition table has no NVS partition of that name.',
    ['The table lacks it, or the name in the code differs from the one in the table.'],
    ['Add a data/nvs partition: secure-iot partitions checks the table.'],
  ),
  ESP_ERR_NVS_VALUE_TOO_LONG: entry(
    'The value is too long for NVS.',
    ['A string of more than 4000 bytes, or a blob larger than the partition allows.'],
    ['Store long data as a blob, or in a file system.'],
  ),
  ESP_ERR_NVS_KEY_TOO_LONG: badArgument,
  ESP_ERR_NVS_INVALID_NAME: badArgument,
  ESP_ERR_NVS_INVALID_HANDLE: badArgument,
  ESP_ERR_NVS_INVALID_LENGTH: entry(
    'The buffer for a value from NVS is too small.',
    ['The value grew, a longer certificate for instance, and the buffer did not.'],
    ['Ask for the length first (call with a null pointer), then read.'],
  ),
  ...named(
    ['ESP_ERR_NVS_PAGE_FULL', 'ESP_ERR_NVS_INVALID_STATE', 'ESP_ERR_NVS_REMOVE_FAILED'],
    entry(
      'NVS is in an inconsistent state.',
      ['The flash failed, or power went away in the middle of a write.'],
      ['Look at the power supply; erase the partition if it comes again.'],
    ),
  ),
  ESP_ERR_NVS_CONTENT_DIFFERS: entry('A value in NVS is not the one it was compared with.', [], []),
  ...named(
    [
      'ESP_ERR_NVS_XTS_ENCR_FAILED',
      'ESP_ERR_NVS_XTS_DECR_FAILED',
      'ESP_ERR_NVS_XTS_CFG_FAILED',
      'ESP_ERR_NVS_XTS_CFG_NOT_FOUND',
      'ESP_ERR_NVS_CORRUPT_KEY_PART',
      'ESP_ERR_NVS_WRONG_ENCRYPTION',
    ],
    encryption,
  ),
  ESP_ERR_NVS_KEYS_NOT_INITIALIZED: entry(
    'The nvs_keys partition holds no keys yet.',
    ['The first start with NVS encryption, or an erased keys partition.'],
    ['Let the firmware make them with nvs_flash_generate_keys(), or flash the keys file of the generator.'],
  ),
  ESP_ERR_NVS_ENCR_NOT_SUPPORTED: entry(
    'This firmware was built without NVS encryption.',
    ['CONFIG_NVS_ENCRYPTION is off.'],
    ['Turn it on, or flash a plain NVS image.'],
  ),
  ...named(
    [
      'ESP_ERR_NVS_SEC_HMAC_KEY_NOT_FOUND',
      'ESP_ERR_NVS_SEC_HMAC_KEY_BLK_ALREADY_USED',
      'ESP_ERR_NVS_SEC_HMAC_KEY_GENERATION_FAILED',
      'ESP_ERR_NVS_SEC_HMAC_XTS_KEYS_DERIV_FAILED',
    ],
    sec(
      'NVS encryption by HMAC: the key in the eFuses is missing, in use, or cannot be used.',
      ['The eFuse block of CONFIG_NVS_SEC_HMAC_EFUSE_KEY_ID holds no HMAC_UP key, or another one.'],
      ['Look at the key blocks: espefuse.py summary. eFuses cannot be set back.'],
    ),
  ),
};
