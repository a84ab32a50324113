// esp_err_t of the components around a connection: common ones, Wi-Fi, network interfaces, HTTP, OTA, flash, eFuses.
import type { Entry } from './entry';
import { entriesFrom, named } from './plainEntry';
import { optionsOfTls } from './repairs';
import { diagnose } from './shared';

const common = entriesFrom('esp-idf components/esp_common/include/esp_err.h');
const wifi = entriesFrom('esp-idf components/esp_wifi/include/esp_wifi.h');
const netif = entriesFrom('esp-idf components/esp_netif/include/esp_netif_types.h');
const http = entriesFrom('esp-idf components/esp_http_client/include/esp_http_client.h');
const httpd = entriesFrom('esp-idf components/esp_http_server/include/esp_http_server.h');
const ota = entriesFrom('esp-idf components/app_update/include/esp_ota_ops.h');
const flash = entriesFrom('esp-idf components/spi_flash/include/esp_flash_err.h');
const efuse = entriesFrom('esp-idf components/efuse/include/esp_efuse.h');
const now = entriesFrom('esp-idf components/esp_wifi/include/esp_now.h');
const ds = entriesFrom('esp-idf components/esp_hw_support/include/esp_ds.h; docs api-reference/peripherals/ds');
const mesh = entriesFrom('esp-idf components/esp_wifi/include/esp_mesh.h');
const transport = entriesFrom('esp-idf components/tcp_transport/include/esp_transport.h');

const order = (what: string, call: string): Entry =>
  wifi(`Wi-Fi: ${what}.`, ['A function was called too early, or after the driver was stopped.'], [call]);
const dhcp = netif(
  'Network interface: DHCP is in the wrong state for this call.',
  ['A static address is set while DHCP runs, or DHCP is started or stopped twice.'],
  ['Stop DHCP before setting an address (esp_netif_dhcpc_stop()); "already" needs no action.'],
);
const httpBroken = http(
  'esp_http_client: the exchange with the server broke off.',
  ['The connection was lost or closed, or the server was too slow for timeout_ms.'],
  ['Raise timeout_ms, and look for a TLS or socket error above.', diagnose],
);

export const espErrEntries: Readonly<Record<string, Entry>> = {
  ESP_FAIL: common(
    'The function failed and has no better word for it.',
    ['The line before, from the component itself, says why.'],
    ['Raise the log level of that component: esp_log_level_set(TAG, ESP_LOG_DEBUG).'],
  ),
  ESP_ERR_INVALID_ARG: common(
    'A function was given an argument it does not accept.',
    ['A null pointer, a value out of its range, or a configuration field that was left at zero.'],
    ['Look at the call in the message or the backtrace; initialise configuration structs in full.'],
  ),
  ESP_ERR_INVALID_STATE: common(
    'A function was called at the wrong time.',
    ['Something was initialised twice, not at all, or is stopped already.'],
    [...optionsOfTls, 'Look at the order of init, start and stop.'],
  ),
  ESP_ERR_INVALID_SIZE: common('A size or length does not fit.', [
    'A buffer that is too small, or data of another size than expected.',
  ]),
  ESP_ERR_NOT_FOUND: common('What was asked for is not there.', [
    'A partition, file, service or device with that name does not exist.',
  ]),
  ESP_ERR_NOT_SUPPORTED: common('This chip or this build does not support that.', [
    'A feature that the chip lacks or that menuconfig leaves out.',
  ]),
  ESP_ERR_TIMEOUT: common(
    'Something did not answer in time.',
    ['A device that is not connected or not powered, a network that is slow, or a lock that is held.'],
    ['Look at the component in front of the message: it says what was waited for.'],
  ),
  ESP_ERR_INVALID_RESPONSE: common('The answer that came is not valid.', [
    'Noise on the line, or a device of another type.',
  ]),
  ESP_ERR_INVALID_CRC: common('A checksum does not match: data was damaged on its way or in the flash.', []),
  ESP_ERR_INVALID_VERSION: common('The version of a structure or image is not the expected one.', [
    'Old data with new firmware, or the reverse.',
  ]),
  ESP_ERR_INVALID_MAC: common('The MAC address is not valid.', [
    'It is multicast, or the one in the eFuses fails its checksum.',
  ]),
  ...named(
    ['ESP_ERR_NOT_FINISHED', 'ESP_ERR_NOT_ALLOWED'],
    common('The operation is not finished, or not allowed now.', []),
  ),

  ESP_ERR_WIFI_NOT_INIT: order(
    'the driver is not initialised',
    'Call esp_wifi_init() first, and check its result: out of memory is the usual reason.',
  ),
  ESP_ERR_WIFI_NOT_STARTED: order('the driver is not started', 'Call esp_wifi_start() first.'),
  ESP_ERR_WIFI_NOT_STOPPED: order('the driver is not stopped', 'Call esp_wifi_stop() first.'),
  ...named(
    ['ESP_ERR_WIFI_IF', 'ESP_ERR_WIFI_MODE'],
    order(
      'the interface or mode does not fit',
      'Set the mode (esp_wifi_set_mode()) before configuring that interface.',
    ),
  ),
  ...named(
    ['ESP_ERR_WIFI_STATE', 'ESP_ERR_WIFI_CONN', 'ESP_ERR_WIFI_INIT_STATE', 'ESP_ERR_WIFI_STOP_STATE'],
    order('the driver is busy with something else', 'Wait for the event of the last call before the next one.'),
  ),
  ESP_ERR_WIFI_NVS: wifi(
    'Wi-Fi: its settings in NVS cannot be read or written.',
    ['NVS is not initialised, full or damaged.'],
    ['Look for the NVS error above; nvs_flash_init() comes before esp_wifi_init().'],
  ),
  ESP_ERR_WIFI_MAC: wifi('Wi-Fi: the MAC address is not valid.', []),
  ESP_ERR_WIFI_SSID: wifi(
    'Wi-Fi: the SSID is not valid.',
    ['Empty, or longer than 32 bytes.'],
    ['Check the SSID in wifi_config_t.'],
  ),
  ESP_ERR_WIFI_PASSWORD: wifi(
    'Wi-Fi: the password is not valid.',
    ['Shorter than 8 or longer than 64 characters.'],
    ['Check the password; for an open network leave it empty.'],
  ),
  ESP_ERR_WIFI_TIMEOUT: wifi('Wi-Fi: the driver did not answer in time.', []),
  ...named(
    ['ESP_ERR_WIFI_NOT_CONNECT', 'ESP_ERR_WIFI_NOT_ASSOC'],
    wifi(
      'Wi-Fi: the station is not connected.',
      ['A call before the connection, or after it was lost.'],
      ['Wait for IP_EVENT_STA_GOT_IP.'],
    ),
  ),
  ...named(
    ['ESP_ERR_WIFI_POST', 'ESP_ERR_WIFI_WOULD_BLOCK', 'ESP_ERR_WIFI_WAKE_FAIL'],
    wifi(
      'Wi-Fi: the driver could not take the request now.',
      ['Its queue is full, or the call would block.'],
      ['Try again later.'],
    ),
  ),

  ESP_ERR_ESP_NETIF_INVALID_PARAMS: netif('Network interface: an argument is not valid.', []),
  ESP_ERR_ESP_NETIF_IF_NOT_READY: netif(
    'Network interface: it is not up yet.',
    ['A call before the link came up.'],
    ['Wait for the "got IP" event.'],
  ),
  ESP_ERR_ESP_NETIF_NO_MEM: netif(
    'Network interface: out of memory.',
    ['The heap is too small for buffers of the network.'],
    ['Free memory before starting the network.'],
  ),
  ...named(
    [
      'ESP_ERR_ESP_NETIF_DHCPC_START_FAILED',
      'ESP_ERR_ESP_NETIF_DHCP_ALREADY_STARTED',
      'ESP_ERR_ESP_NETIF_DHCP_ALREADY_STOPPED',
      'ESP_ERR_ESP_NETIF_DHCP_NOT_STOPPED',
      'ESP_ERR_ESP_NETIF_DHCPS_START_FAILED',
    ],
    dhcp,
  ),
  ESP_ERR_ESP_NETIF_DNS_NOT_CONFIGURED: netif(
    'Network interface: no DNS server is known.',
    ['A static address without a DNS server.'],
    ['Set one: esp_netif_set_dns_info().'],
  ),
  ...named(
    [
      'ESP_ERR_ESP_NETIF_INIT_FAILED',
      'ESP_ERR_ESP_NETIF_DRIVER_ATTACH_FAILED',
      'ESP_ERR_ESP_NETIF_TX_FAILED',
      'ESP_ERR_ESP_NETIF_MLD6_FAILED',
      'ESP_ERR_ESP_NETIF_IP6_ADDR_FAILED',
    ],
    netif('Network interface: it could not be set up or used.', ['Out of memory, or initialised in the wrong order.']),
  ),

  ESP_ERR_HTTP_CONNECT: http(
    'esp_http_client: no connection to the server.',
    ['DNS, TCP or TLS failed: the line above says which.'],
    [diagnose],
  ),
  ESP_ERR_HTTP_MAX_REDIRECT: http(
    'esp_http_client: too many redirects.',
    ['The server sends the client in a circle.'],
    ['Raise max_redirection_count, or use the final URL.'],
  ),
  ESP_ERR_HTTP_INVALID_TRANSPORT: http('esp_http_client: the URL has no scheme this build supports.', [
    'https:// without TLS in the build, or a typing error.',
  ]),
  ...named(
    [
      'ESP_ERR_HTTP_WRITE_DATA',
      'ESP_ERR_HTTP_FETCH_HEADER',
      'ESP_ERR_HTTP_EAGAIN',
      'ESP_ERR_HTTP_CONNECTION_CLOSED',
      'ESP_ERR_HTTP_READ_TIMEOUT',
      'ESP_ERR_HTTP_INCOMPLETE_DATA',
    ],
    httpBroken,
  ),
  ESP_ERR_HTTP_CONNECTING: http('esp_http_client: still connecting (asynchronous mode).', []),
  ESP_ERR_HTTP_NOT_MODIFIED: http('esp_http_client: the server says nothing has changed (304).', []),
  ESP_ERR_HTTP_RANGE_NOT_SATISFIABLE: http('esp_http_client: the server does not have that range (416).', [
    'A resumed download of a file that is shorter now.',
  ]),
  ESP_ERR_HTTP_REDIRECT_DOWNGRADE: http(
    'esp_http_client: the server redirects from https to http, which is refused.',
    [],
  ),

  ...named(
    ['ESP_ERR_HTTPD_HANDLERS_FULL', 'ESP_ERR_HTTPD_HANDLER_EXISTS'],
    httpd(
      'HTTP server: the handler cannot be registered.',
      ['max_uri_handlers is reached, or the URI is registered twice.'],
      ['Raise max_uri_handlers in httpd_config_t.'],
    ),
  ),
  ...named(
    ['ESP_ERR_HTTPD_INVALID_REQ', 'ESP_ERR_HTTPD_RESULT_TRUNC', 'ESP_ERR_HTTPD_RESP_HDR', 'ESP_ERR_HTTPD_RESP_SEND'],
    httpd('HTTP server: a request or answer could not be handled.', [
      'The client went away, or a buffer or header limit is too small.',
    ]),
  ),
  ...named(
    ['ESP_ERR_HTTPD_ALLOC_MEM', 'ESP_ERR_HTTPD_TASK'],
    httpd('HTTP server: out of memory.', ['No heap for the server task or its buffers.']),
  ),

  ESP_ERR_OTA_PARTITION_CONFLICT: ota(
    'OTA: the update would overwrite the running app.',
    ['The target partition is the one that runs.'],
    ['Use esp_ota_get_next_update_partition().'],
  ),
  ESP_ERR_OTA_SELECT_INFO_INVALID: ota(
    'OTA: the otadata partition holds nothing valid.',
    ['It was erased or never flashed.'],
    ['Flash ota_data_initial.bin.'],
  ),
  ESP_ERR_OTA_VALIDATE_FAILED: ota(
    'OTA: the image that was written is not valid.',
    ['The download broke off, the image is for another chip, or its signature is wrong.'],
    ['Look at the esp_image line above; send the .bin of the app.'],
  ),
  ESP_ERR_OTA_SMALL_SEC_VER: ota(
    'OTA: the new image has an older security version than the chip allows.',
    ['Anti-rollback is on, and the eFuses hold a higher version.'],
    ['Build with a CONFIG_BOOTLOADER_APP_SECURE_VERSION that is high enough.'],
  ),
  ...named(
    ['ESP_ERR_OTA_ROLLBACK_FAILED', 'ESP_ERR_OTA_ROLLBACK_INVALID_STATE'],
    ota('OTA: there is no app to roll back to, or the state does not allow it.', [
      'The other slot is empty or invalid; a new app must first be confirmed with esp_ota_mark_app_valid_cancel_rollback().',
    ]),
  ),
  ESP_ERR_HTTPS_OTA_IN_PROGRESS: ota('OTA: the download is still going on.', []),
  ESP_ERR_IMAGE_INVALID: ota(
    'The app image is not valid.',
    ['Cut off, for another chip, or its hash does not match.'],
    ['Flash or send the app again.'],
  ),
  ESP_ERR_IMAGE_FLASH_FAIL: ota('The flash could not be read while the image was checked.', [
    'Power or wiring of the flash.',
  ]),

  ...named(
    ['ESP_ERR_FLASH_OP_FAIL', 'ESP_ERR_FLASH_OP_TIMEOUT', 'ESP_ERR_FLASH_PROTECTED'],
    flash(
      'The flash did not do what it was told.',
      ['It is write-protected, badly supplied, or worn out.'],
      ['Look at the power supply; try a lower flash frequency.'],
    ),
  ),
  ...named(
    ['ESP_ERR_FLASH_NOT_INITIALISED', 'ESP_ERR_FLASH_UNSUPPORTED_CHIP', 'ESP_ERR_FLASH_UNSUPPORTED_HOST'],
    flash('The flash chip is not known to this firmware.', [
      'A chip whose driver is left out of the build, or none that answers.',
    ]),
  ),
  ...named(
    [
      'ESP_ERR_EFUSE',
      'ESP_ERR_EFUSE_CNT_IS_FULL',
      'ESP_ERR_EFUSE_REPEATED_PROG',
      'ESP_ERR_CODING',
      'ESP_ERR_NOT_ENOUGH_UNUSED_KEY_BLOCKS',
      'ESP_ERR_DAMAGED_READING',
    ],
    efuse(
      'eFuses: the bits cannot be read or programmed like that.',
      ['They are programmed or protected already: a bit goes from 0 to 1 once and never back.'],
      ['Compare with espefuse.py summary before trying again.'],
    ),
  ),

  ...named(
    [
      'ESP_ERR_ESPNOW_NOT_INIT',
      'ESP_ERR_ESPNOW_ARG',
      'ESP_ERR_ESPNOW_NO_MEM',
      'ESP_ERR_ESPNOW_FULL',
      'ESP_ERR_ESPNOW_NOT_FOUND',
      'ESP_ERR_ESPNOW_INTERNAL',
      'ESP_ERR_ESPNOW_EXIST',
      'ESP_ERR_ESPNOW_IF',
      'ESP_ERR_ESPNOW_CHAN',
    ],
    now(
      'ESP-NOW: the peer, interface or channel does not fit.',
      [
        'Not initialised, a peer that was not added or added twice, too many peers, or another channel than that of the access point.',
      ],
      ['Add each peer once, with the channel the radio is on.'],
    ),
  ),
  ...named(
    ['ESP_ERR_TCP_TRANSPORT_CONNECTION_TIMEOUT', 'ESP_ERR_TCP_TRANSPORT_CONNECTION_FAILED'],
    transport(
      'The TCP connection could not be opened, or took too long.',
      ['Wrong address or port, a firewall, or a server that is down.'],
      [diagnose],
    ),
  ),
  ESP_ERR_TCP_TRANSPORT_CONNECTION_CLOSED_BY_FIN: transport('The other side closed the connection in good order.', [
    'It ended the session; its own log says why.',
  ]),
  ESP_ERR_TCP_TRANSPORT_NO_MEM: transport('Out of memory for the connection.', ['The heap is too small.']),
};

/** Whole components of which no more can be said than where their documentation is. */
export const ESP_ERR_GROUPS: readonly (readonly [RegExp, Entry])[] = [
  [
    /^ESP_ERR_MESH_(?!BASE)/,
    mesh('ESP-WIFI-MESH reports an error of its own.', [
      'Mesh was not started or configured, has no parent or route, or its queue is full.',
    ]),
  ],
  [
    /^ESP_ERR_HW_CRYPTO_DS_/,
    ds(
      'The Digital Signature peripheral could not sign with the key of the chip.',
      [
        'The HMAC key in the eFuses is missing or another one, or the encrypted key parameters (esp_secure_cert) belong to another chip.',
      ],
      ['Provision the chip again: key parameters and eFuse key are made together.'],
    ),
  ],
  [
    /^ESP_ERR_WIFI_(?:TWT_|ROC_|DISCARD|TX_DISALLOW)/,
    wifi('Wi-Fi: the access point or the state of the radio does not allow that now.', [
      'Target wake time, off-channel work or a frame in a state where it cannot be sent.',
    ]),
  ],
  [
    /^ESP_ERR_WIFI_(?:WPS_|REGISTRAR)|^ESP_ERR_DPP_/,
    wifi(
      'Wi-Fi: the easy setup (WPS or DPP) failed.',
      ['The access point was not in that mode, or the time ran out.'],
      ['Start it again on both sides within two minutes.'],
    ),
  ],
  [/^ESP_ERR_PING_(?!BASE)/, netif('Ping could not be started.', ['Arguments that do not fit, or out of memory.'])],
];
