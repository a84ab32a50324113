// Lines of the Arduino core: start_ssl_client, Update and ArduinoOTA.
import { findPhrases, type Phrase } from './phrases';
import type { Recognizer } from './recognizer';

/** libraries/NetworkClientSecure/src/NetworkClientSecure.cpp; other numbers there are Mbed TLS codes. */
const TLS: readonly Phrase[] = [
  { pattern: /start_ssl_client:?\s*(?:connect failed:?\s*)?(-1)(?!\d)/, name: 'START_SSL_CLIENT_FAILED', code: '-1' },
];

export const arduinoTls: Recognizer = {
  words: ['start_ssl_client'],
  find: (line, context) => findPhrases(TLS, 'arduino-tls', line, context),
};

/** libraries/HTTPUpdate/src/HTTPUpdate.h: below the codes of HTTPClient, which it passes on. */
const HTTP_UPDATE: Readonly<Record<string, string>> = {
  '-100': 'HTTP_UE_TOO_LESS_SPACE',
  '-101': 'HTTP_UE_SERVER_NOT_REPORT_SIZE',
  '-102': 'HTTP_UE_SERVER_FILE_NOT_FOUND',
  '-103': 'HTTP_UE_SERVER_FORBIDDEN',
  '-104': 'HTTP_UE_SERVER_WRONG_HTTP_CODE',
  '-105': 'HTTP_UE_SERVER_FAULTY_MD5',
  '-106': 'HTTP_UE_BIN_VERIFY_HEADER_FAILED',
  '-107': 'HTTP_UE_BIN_FOR_WRONG_FLASH',
  '-108': 'HTTP_UE_NO_PARTITION',
};

/** libraries/Update/src/Update.h of arduino-esp32, from 1. */
const UPDATE_NUMBERS: readonly string[] = [
  'UPDATE_ERROR_WRITE',
  'UPDATE_ERROR_ERASE',
  'UPDATE_ERROR_READ',
  'UPDATE_ERROR_SPACE',
  'UPDATE_ERROR_SIZE',
  'UPDATE_ERROR_STREAM',
  'UPDATE_ERROR_MD5',
  'UPDATE_ERROR_MAGIC_BYTE',
  'UPDATE_ERROR_ACTIVATE',
  'UPDATE_ERROR_NO_PARTITION',
  'UPDATE_ERROR_BAD_ARGUMENT',
  'UPDATE_ERROR_ABORT',
  'UPDATE_ERROR_DECRYPT',
];
/** The ESP8266 core counts in the same way up to the MD5; then there are its own. */
const SHARED = 7;

function updateError(number: number, esp8266: boolean): string | undefined {
  return esp8266 && number > SHARED ? undefined : UPDATE_NUMBERS[number - 1];
}

/** libraries/Update/src/Updater.cpp and ESP8266's cores/esp8266/Updater.cpp: sentences that nothing else prints. */
const UPDATE: readonly Phrase[] = [
  {
    pattern: /(?:update|ota)\w*\b.*?error(?: code)?\s?[:=]? ?\(?(-10[0-8])\b(?! ?(?:ppm|dBm?|m?[sV])\b)/i,
    name: (match) => HTTP_UPDATE[match[1] ?? ''],
    code: (match) => match[1] ?? '',
  },
  {
    pattern: /(?:Error Occurred|Update Failed)\. Error #: ?(\d{1,2})(?!\d)/i,
    name: (match, { platform }) => updateError(Number(match[1]), platform.value === 'esp8266'),
  },
  { pattern: /(Could Not Activate The Firmware)/i, name: 'UPDATE_ERROR_ACTIVATE' },
  { pattern: /(Wrong Magic Byte|Magic byte is wrong, not 0xE9)/i, name: 'UPDATE_ERROR_MAGIC_BYTE' },
  { pattern: /(MD5 Check Failed|MD5 Failed: expected:)/i, name: 'UPDATE_ERROR_MD5' },
  { pattern: /(?<!-108\).*)(Partition Could Not be Found)/i, name: 'UPDATE_ERROR_NO_PARTITION' },
  { pattern: /(Flash Write Failed)/i, name: 'UPDATE_ERROR_WRITE' },
  { pattern: /(Flash Erase Failed)/i, name: 'UPDATE_ERROR_ERASE' },
  { pattern: /(Flash Read Failed)/i, name: 'UPDATE_ERROR_READ' },
  { pattern: /(Stream Read Timeout)/i, name: 'UPDATE_ERROR_STREAM' },
  { pattern: /(?:update|ota|ERROR\[\d+\]).*(Not Enough Space)/i, name: 'UPDATE_ERROR_SPACE' },
  { pattern: /(?:update|ota|ERROR\[\d+\]).*(Bad Size Given)/i, name: 'UPDATE_ERROR_SIZE' },
  { pattern: /(?:update error|errorString|ERROR\[\d+\]).*(Bad Argument)/i, name: 'UPDATE_ERROR_BAD_ARGUMENT' },
  { pattern: /(?:update error|errorString|ERROR\[\d+\]).*(\bAborted)\b/i, name: 'UPDATE_ERROR_ABORT' },
  { pattern: /(?:update error|errorString|ERROR\[\d+\]).*(Decryption error)/i, name: 'UPDATE_ERROR_DECRYPT' },
  {
    pattern: /\b(HTTP_UE_[A-Z0-9_]+)\b/,
    name: (match) => Object.values(HTTP_UPDATE).find((name) => name === match[1]),
  },
  // libraries/ArduinoOTA: the text of its own BasicOTA example
  { pattern: /Error\[0\]: (Auth Failed)/, name: 'OTA_AUTH_ERROR' },
  { pattern: /Error\[1\]: (Begin Failed)/, name: 'OTA_BEGIN_ERROR' },
  { pattern: /Error\[2\]: (Connect Failed)/, name: 'OTA_CONNECT_ERROR' },
  { pattern: /Error\[3\]: (Receive Failed)/, name: 'OTA_RECEIVE_ERROR' },
  { pattern: /Error\[4\]: (End Failed)/, name: 'OTA_END_ERROR' },
];

export const arduinoUpdate: Recognizer = {
  words: [
    'activate the',
    'magic byte',
    'md5 ',
    'partition could',
    'flash write',
    'flash erase',
    'flash read',
    'stream read',
    'not enough space',
    'bad size',
    'bad argument',
    'aborted',
    'decryption error',
    'error[',
    'error (-10',
    'http_ue_',
    'error -10',
    'error: -10',
    'error code',
    'error #:',
  ],
  find: (line, context) => findPhrases(UPDATE, 'arduino-update', line, context),
};
