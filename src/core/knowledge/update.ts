// Firmware updates: Arduino's Update, ArduinoOTA, HTTPUpdate, and the image checks of ESP-IDF.
import type { Entry } from './entry';
import { entriesFrom, named } from './plainEntry';

const update = entriesFrom('arduino-esp32 libraries/Update/src/Updater.cpp; ESP8266 cores/esp8266/Updater.cpp');
const ota = entriesFrom('arduino-esp32 libraries/ArduinoOTA/src/ArduinoOTA.h');
const http = entriesFrom('arduino-esp32 libraries/HTTPUpdate/src/HTTPUpdate.h');

const space = update(
  'The new firmware does not fit into the update partition.',
  ['It is larger than the app partition, or the partition table has no second app partition (huge_app, for one).'],
  ['Choose a partition scheme with OTA and larger apps, or make the firmware smaller.'],
);
const broken = update(
  'The update that arrived is not the file that was sent.',
  ['The download broke off or was changed on its way, or the MD5 belongs to another file.'],
  ['Send it again; compute the MD5 of the very file that is sent.'],
);
const noPartition = update(
  'There is no partition to write the update to.',
  ['The partition table has no ota_0/ota_1 (or no spiffs partition for a file system update).'],
  ['Choose a partition scheme with OTA, and flash it once by cable.'],
);
const flash = update(
  'Writing the update to the flash failed.',
  ['The flash is damaged, protected or badly supplied, or smaller than the partition table says.'],
  ['Look at the power supply and at the flash size setting.'],
);
const notFirmware = update(
  'What arrived is no firmware image: its first byte is not 0xE9.',
  ['The server sent an error page, a compressed file, or a file for another tool (the merged or ELF file).'],
  ['Look at what the URL returns; send the .bin of the app.'],
);

export const updateEntries: Readonly<Record<string, Entry>> = {
  UPDATE_ERROR_SPACE: space,
  HTTP_UE_TOO_LESS_SPACE: space,
  UPDATE_ERROR_SIZE: update(
    'Update.begin() was given a size of zero.',
    ['The server reports no Content-Length.'],
    ['Use UPDATE_SIZE_UNKNOWN, or a server that reports the size.'],
  ),
  HTTP_UE_SERVER_NOT_REPORT_SIZE: http(
    'The server does not say how large the update is.',
    ['It sends the file in chunks, without Content-Length.'],
    ['Let the server send Content-Length.'],
  ),
  UPDATE_ERROR_MD5: broken,
  HTTP_UE_SERVER_FAULTY_MD5: broken,
  UPDATE_ERROR_STREAM: update(
    'The update broke off: no more data came.',
    ['A weak network, or a server that closed the connection.'],
    ['Try again close to the access point; look at the free heap when it comes over TLS.'],
  ),
  UPDATE_ERROR_MAGIC_BYTE: notFirmware,
  HTTP_UE_BIN_VERIFY_HEADER_FAILED: notFirmware,
  ...named(['UPDATE_ERROR_NO_PARTITION', 'HTTP_UE_NO_PARTITION'], noPartition),
  ...named(['UPDATE_ERROR_WRITE', 'UPDATE_ERROR_ERASE', 'UPDATE_ERROR_READ'], flash),
  UPDATE_ERROR_BAD_ARGUMENT: update(
    'Update was given an argument it cannot use.',
    ['A null pointer or an unknown command.'],
    ['Check the arguments of Update.begin() and Update.write().'],
  ),
  UPDATE_ERROR_ABORT: update(
    'The update was aborted.',
    ['The sketch called Update.abort(), or end() came before all bytes had.'],
    ['Write as many bytes as begin() was told.'],
  ),
  UPDATE_ERROR_DECRYPT: update(
    'The encrypted update could not be decrypted.',
    ['The key, address or configuration of Update.setupCrypt() does not fit the image.'],
    ['Encrypt the image with the key that the firmware holds.'],
  ),
  HTTP_UE_SERVER_FILE_NOT_FOUND: http(
    'The server has no update at that address (404).',
    ['A wrong path.'],
    ['Open the URL on a computer.'],
  ),
  HTTP_UE_SERVER_FORBIDDEN: http(
    'The server refuses the update (403).',
    ['It wants a login or another header, or the link ran out.'],
    ['Open the URL on a computer.'],
  ),
  HTTP_UE_SERVER_WRONG_HTTP_CODE: http(
    'The server answered with another status than expected.',
    ['A redirect that is not followed (httpUpdate.setFollowRedirects()), or a server error.'],
    ['Print the status; follow redirects, or use the final URL.'],
  ),
  HTTP_UE_BIN_FOR_WRONG_FLASH: http(
    'The image was built for another flash size or mode than the board has.',
    ['The board setting of the build differs.'],
    ['Build with the flash size of this board.'],
  ),
  OTA_AUTH_ERROR: ota(
    'ArduinoOTA: the password is wrong.',
    ['Another password than setPassword(), or a hash where a password is expected.'],
    ['Use the same password in the sketch and in the IDE (--auth of espota.py).'],
  ),
  OTA_BEGIN_ERROR: ota(
    'ArduinoOTA: the update could not be started.',
    ['The new sketch is too large for the update partition, or the flash size setting differs.'],
    ['Choose a partition scheme with OTA; compare the flash size with the chip.'],
  ),
  OTA_CONNECT_ERROR: ota(
    'ArduinoOTA: the board could not connect to the computer.',
    ['A firewall on the computer, or two networks (VPN, guest Wi-Fi).'],
    ['Allow the port of espota.py (--host_port) in the firewall.'],
  ),
  OTA_RECEIVE_ERROR: ota(
    'ArduinoOTA: the data stopped coming.',
    ['A weak network, or code that blocks ArduinoOTA.handle().'],
    ['Call ArduinoOTA.handle() often, and stop other work during onStart().'],
  ),
  OTA_END_ERROR: ota(
    'ArduinoOTA: the image that arrived is not valid.',
    ['It broke off, or is for another chip.'],
    ['Send it again, built for this board.'],
  ),
};
