// Why an access point and a station parted: the reasons of IEEE 802.11, and Espressif's own from 200 on.
import type { Entry } from './entry';
import { entriesFrom, named } from './plainEntry';

const entry = entriesFrom('esp-idf docs api-guides/wifi (Wi-Fi reason codes); IEEE 802.11 table 9-49');
const arduino = entriesFrom('ESP8266WiFi src/include/wl_definitions.h; arduino-esp32 WiFiType.h');

const stale = entry(
  'Wi-Fi: the access point no longer knows this station.',
  ['It restarted, or forgot the station while it slept or was out of reach.'],
  ['Connect again: this is normal once; if it comes often, look at the RSSI and at power save.'],
);
const security = entry(
  'Wi-Fi: access point and board do not agree on the security.',
  [
    'The access point offers WPA3, WPA2 or ciphers (TKIP) that the board does not accept, or protects management frames in another way (PMF).',
  ],
  ['Set the access point to WPA2 (AES) or WPA2/WPA3 mixed; on ESP-IDF look at threshold.authmode and pmf_cfg.'],
);
const handshake = entry(
  'Wi-Fi: the key handshake with the access point went wrong.',
  ['A wrong password, a weak signal, or an access point that changes its settings in between.'],
  ['Check the password; try close to the access point.'],
);
const fullOrQos = entry(
  'Wi-Fi: the access point ended the connection for traffic or quality reasons.',
  ['It is overloaded, lost too many frames of this board, or steers it elsewhere.'],
  ['Look at the RSSI and at the channel; give the board a 2.4 GHz network of its own.'],
);
const roaming = entry(
  'Wi-Fi: the station moves, or is asked to move, to another access point.',
  ['A mesh or controller steers its clients (802.11v/k/r).'],
  ['Let the board connect again; switch off steering for 2.4 GHz devices if it comes often.'],
);
const notFound = entry(
  'Wi-Fi: an access point with that name is there, but below what the board accepts.',
  ['Its security is weaker than threshold.authmode, or its signal weaker than threshold.rssi.'],
  ['Lower the threshold in wifi_config_t, or set the access point to WPA2; print a scan to see what is there.'],
);

export const wifiEntries: Readonly<Record<string, Entry>> = {
  WIFI_REASON_UNSPECIFIED: entry(
    'Wi-Fi: the access point gave no reason.',
    ['A wrong password on some routers, an internal error, or an access point that restarts.'],
    ['Check the password; look into the log of the access point.'],
  ),
  WIFI_REASON_AUTH_LEAVE: entry(
    'Wi-Fi: the access point ended the authentication.',
    ['It restarts, kicks the station (inactivity, steering, a limit), or the sketch called disconnect().'],
    ['Connect again with a growing pause; look into the log of the access point.'],
  ),
  ...named(
    ['WIFI_REASON_DISASSOC_DUE_TO_INACTIVITY', 'WIFI_REASON_ASSOC_EXPIRE'],
    entry(
      'Wi-Fi: the access point dropped the station as inactive.',
      ['The board slept or sent nothing for longer than the access point allows.'],
      ['Send something now and then, or raise the inactivity time of the access point; WiFi.setSleep(false) helps.'],
    ),
  ),
  WIFI_REASON_ASSOC_TOOMANY: entry(
    'Wi-Fi: the access point has no room for another station.',
    ['Its limit of clients is reached (an ESP32 as access point takes 4 by default, 10 or 15 at most).'],
    ['Remove clients, raise the limit (max_connection), or use another access point.'],
  ),
  ...named(
    [
      'WIFI_REASON_CLASS2_FRAME_FROM_NONAUTH_STA',
      'WIFI_REASON_CLASS3_FRAME_FROM_NONASSOC_STA',
      'WIFI_REASON_ASSOC_NOT_AUTHED',
      'WIFI_REASON_NOT_AUTHED',
      'WIFI_REASON_NOT_ASSOCED',
    ],
    stale,
  ),
  ...named(
    [
      'WIFI_REASON_IE_INVALID',
      'WIFI_REASON_GROUP_CIPHER_INVALID',
      'WIFI_REASON_PAIRWISE_CIPHER_INVALID',
      'WIFI_REASON_AKMP_INVALID',
      'WIFI_REASON_UNSUPP_RSN_IE_VERSION',
      'WIFI_REASON_INVALID_RSN_IE_CAP',
      'WIFI_REASON_CIPHER_SUITE_REJECTED',
      'WIFI_REASON_BAD_CIPHER_OR_AKM',
      'WIFI_REASON_INVALID_PMKID',
    ],
    security,
  ),
  ...named(
    ['WIFI_REASON_MIC_FAILURE', 'WIFI_REASON_IE_IN_4WAY_DIFFERS', 'WIFI_REASON_GROUP_KEY_UPDATE_TIMEOUT'],
    handshake,
  ),
  ...named(
    [
      'WIFI_REASON_UNSPECIFIED_QOS',
      'WIFI_REASON_NOT_ENOUGH_BANDWIDTH',
      'WIFI_REASON_MISSING_ACKS',
      'WIFI_REASON_EXCEEDED_TXOP',
      'WIFI_REASON_END_BA',
      'WIFI_REASON_UNKNOWN_BA',
      'WIFI_REASON_TIMEOUT',
      'WIFI_REASON_SERVICE_CHANGE_PERCLUDES_TS',
    ],
    fullOrQos,
  ),
  ...named(
    [
      'WIFI_REASON_BSS_TRANSITION_DISASSOC',
      'WIFI_REASON_ROAMING',
      'WIFI_REASON_STA_LEAVING',
      'WIFI_REASON_SSP_REQUESTED_DISASSOC',
      'WIFI_REASON_NO_SSP_ROAMING_AGREEMENT',
      'WIFI_REASON_INVALID_FT_ACTION_FRAME_COUNT',
      'WIFI_REASON_INVALID_MDE',
      'WIFI_REASON_INVALID_FTE',
    ],
    roaming,
  ),
  ...named(['WIFI_REASON_PEER_INITIATED', 'WIFI_REASON_AP_INITIATED'], stale),
  WIFI_REASON_NOT_AUTHORIZED_THIS_LOCATION: entry(
    'Wi-Fi: the access point does not allow this station here.',
    ['An access list (MAC filter) or a controller refuses it.'],
    ['Add the MAC address of the board to the list.'],
  ),
  ...named(
    ['WIFI_REASON_DISASSOC_PWRCAP_BAD', 'WIFI_REASON_DISASSOC_SUPCHAN_BAD'],
    entry(
      'Wi-Fi: the access point does not accept the power or the channels of the board.',
      ['The country settings differ: channels 12 and 13, for one, are not allowed everywhere.'],
      ['Set the country (esp_wifi_set_country_code()), or a channel from 1 to 11 on the access point.'],
    ),
  ),
  WIFI_REASON_802_1X_AUTH_FAILED: entry(
    'Wi-Fi: the enterprise login (802.1X) failed.',
    ['User, password or certificate is wrong, or the certificate of the RADIUS server is not trusted.'],
    ['Check identity, password and CA of esp_eap_client_*; read the log of the RADIUS server.'],
  ),
  WIFI_REASON_ASSOC_FAIL: entry(
    'Wi-Fi: the access point refused the association.',
    ['It is full, filters this board, asks it to come back later, or does not take its rates or security.'],
    ['Look into the log of the access point; try again with a growing pause.'],
  ),
  WIFI_REASON_AP_TSF_RESET: entry(
    'Wi-Fi: the clock of the access point jumped: it restarted.',
    ['The access point rebooted.'],
    ['Connect again; it comes back by itself.'],
  ),
  WIFI_REASON_ASSOC_COMEBACK_TIME_TOO_LONG: entry(
    'Wi-Fi: the access point asked to come back later than the board waits.',
    ['It still has the old connection of this board (protected management frames).'],
    ['Wait some seconds before connecting again.'],
  ),
  WIFI_REASON_SA_QUERY_TIMEOUT: entry(
    'Wi-Fi: the access point did not confirm the protected connection in time.',
    ['It restarted or lost the keys of this station (protected management frames).'],
    ['Connect again.'],
  ),
  WIFI_REASON_NO_AP_FOUND_W_COMPATIBLE_SECURITY: security,
  WIFI_REASON_NO_AP_FOUND_IN_AUTHMODE_THRESHOLD: notFound,
  WIFI_REASON_NO_AP_FOUND_IN_RSSI_THRESHOLD: notFound,
  ...named(
    [
      'WIFI_REASON_TDLS_PEER_UNREACHABLE',
      'WIFI_REASON_TDLS_UNSPECIFIED',
      'WIFI_REASON_TRANSMISSION_LINK_ESTABLISH_FAILED',
      'WIFI_REASON_ALTERATIVE_CHANNEL_OCCUPIED',
    ],
    entry(
      'Wi-Fi: a direct link between stations or a mesh link ended.',
      ['The peer went away, or its channel is in use.'],
      [],
    ),
  ),
  WL_NO_SSID_AVAIL: arduino(
    'Wi-Fi: no access point with that name was found.',
    [
      'A typing error in the SSID, an access point out of reach, or one on 5 GHz only, which no board but the ESP32-C5 hears.',
    ],
    ['Let the board scan and print what it sees.'],
  ),
  WL_CONNECT_FAILED: arduino(
    'Wi-Fi: the access point refused the board, as a rule for a wrong password.',
    ['The password is wrong, or the security is one the board does not do (WPA3 only).'],
    ['Check the password, capital letters included; allow WPA2.'],
  ),
  WL_CONNECTION_LOST: arduino(
    'Wi-Fi: the connection was lost.',
    ['The access point went away, or the signal is too weak.'],
    ['Look at the RSSI; reconnect with a growing pause.'],
  ),
  WL_WRONG_PASSWORD: arduino(
    'Wi-Fi: the password is wrong.',
    ['The access point refused the key handshake.'],
    ['Check the password, capital letters included.'],
  ),
  WL_DISCONNECTED: arduino(
    'Wi-Fi: the connection did not come about in time.',
    ['A weak signal, or an access point that does not answer.'],
    ['Look at the RSSI; try again with a growing pause.'],
  ),
};
