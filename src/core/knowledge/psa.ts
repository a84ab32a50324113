// PSA Crypto: what Mbed TLS 4 (ESP-IDF 6) returns where older versions had codes of their own.
import type { Entry } from './entry';
import { entriesFrom, named } from './plainEntry';

const entry = entriesFrom('TF-PSA-Crypto include/psa/crypto_values.h; mbedtls docs/4.0-migration-guide.md');

const badKey = entry(
  'PSA Crypto: the key or its attributes cannot be used for that.',
  ['The PEM text or DER is damaged, of a type or size left out of the build, or its usage flags do not permit it.'],
  [
    'Check the key: openssl pkey -in FILE -noout -text',
    { text: 'Issue a new ECDSA P-256 key for the board.', command: 'secureIot.generateCertificates' },
  ],
);
const storage = entry('PSA Crypto: the storage for keys failed or is full.', [
  'The file system or NVS partition behind it is damaged, full or not mounted.',
]);

export const psaEntries: Readonly<Record<string, Entry>> = {
  PSA_ERROR_GENERIC_ERROR: entry('PSA Crypto: failed for a reason it does not name.', ['The lines before say more.']),
  PSA_ERROR_NOT_SUPPORTED: entry(
    'PSA Crypto: this build leaves the algorithm or key type out.',
    ['A curve, hash or cipher that is turned off in menuconfig.'],
    ['Turn it on, or issue certificates with ECDSA P-256 and SHA-256.'],
  ),
  PSA_ERROR_NOT_PERMITTED: badKey,
  PSA_ERROR_INVALID_ARGUMENT: badKey,
  PSA_ERROR_INVALID_HANDLE: entry('PSA Crypto: the key handle is not valid.', [
    'The key was destroyed, never imported, or belongs to another slot.',
  ]),
  PSA_ERROR_DOES_NOT_EXIST: entry('PSA Crypto: there is no key with that id.', [
    'It was never stored, or the storage was erased.',
  ]),
  PSA_ERROR_ALREADY_EXISTS: entry(
    'PSA Crypto: a key with that id exists already.',
    ['It was stored in an earlier run.'],
    ['Destroy it first, or use another id.'],
  ),
  PSA_ERROR_BAD_STATE: entry(
    'PSA Crypto: called at the wrong time.',
    ['psa_crypto_init() was not called, or an operation was started twice.'],
    ['Call psa_crypto_init() before TLS.'],
  ),
  PSA_ERROR_BUFFER_TOO_SMALL: entry('PSA Crypto: an output buffer is too small.', [
    'A key or signature is longer than the buffer.',
  ]),
  ...named(
    ['PSA_ERROR_INSUFFICIENT_STORAGE', 'PSA_ERROR_STORAGE_FAILURE', 'PSA_ERROR_DATA_CORRUPT', 'PSA_ERROR_DATA_INVALID'],
    storage,
  ),
  PSA_ERROR_COMMUNICATION_FAILURE: entry('PSA Crypto: the secure element or other core does not answer.', [
    'It is not wired, not powered or not set up.',
  ]),
  PSA_ERROR_HARDWARE_FAILURE: entry('PSA Crypto: the crypto hardware failed.', [
    'The accelerator reported an error, or its memory ran out.',
  ]),
  PSA_ERROR_CORRUPTION_DETECTED: entry('PSA Crypto: memory or a computation was found to be damaged.', [
    'A buffer overrun, or a fault of the hardware.',
  ]),
  PSA_ERROR_INSUFFICIENT_ENTROPY: entry(
    'PSA Crypto: there is not enough entropy for random numbers.',
    ['The source of entropy failed or is not on.'],
    ['Start Wi-Fi or another source before TLS.'],
  ),
  PSA_ERROR_INVALID_SIGNATURE: entry('PSA Crypto: a signature or authentication tag does not verify.', [
    'Another key made it, or the data was changed.',
  ]),
  PSA_ERROR_INVALID_PADDING: entry('PSA Crypto: the padding of decrypted data is wrong.', [
    'Another key encrypted it, or the data was changed.',
  ]),
  PSA_ERROR_INSUFFICIENT_DATA: entry('PSA Crypto: less data than was asked for.', []),
  PSA_OPERATION_INCOMPLETE: entry('PSA Crypto: no error: the operation wants to be called again.', []),
};
