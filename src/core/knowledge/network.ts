// Wi-Fi, sockets and names: why the board never got as far as TLS.
import type { Entry } from './entry';
import { entriesFrom } from './plainEntry';
import { moreSockets } from './repairs';

const IDF_WIFI = 'esp-idf docs api-guides/wifi (Wi-Fi reason codes)';
const ERRNO = 'newlib sys/errno.h (esp-idf prints these numbers, not lwIP’s own)';

const wifi = entriesFrom(IDF_WIFI);
const socket = entriesFrom(ERRNO);

const password = wifi(
  'Wi-Fi: the four-way handshake failed, nearly always a wrong password.',
  ['The password is wrong.', 'The signal is so weak that frames of the handshake are lost.'],
  ['Check the password, capital letters included.', 'Try close to the access point.'],
);
const unresolved: Entry = {
  title: 'The name could not be resolved.',
  causes: [
    {
      text: 'No DNS server yet, or one that does not know the name (a .local name needs mDNS).',
      source: 'lwIP src/include/lwip/netdb.h',
      evidence: /\.local\b/,
    },
    { text: 'The network has no way to the internet, or Wi-Fi is not connected yet.', source: 'esp-idf issue #11153' },
  ],
  fixes: [
    {
      text: 'Connect only after an IP address was got; test the name with nslookup in the same network, or use the IP address.',
    },
  ],
  sources: ['lwIP src/include/lwip/netdb.h'],
};

export const networkEntries: Readonly<Record<string, Entry>> = {
  WIFI_REASON_4WAY_HANDSHAKE_TIMEOUT: password,
  WIFI_REASON_HANDSHAKE_TIMEOUT: password,
  WIFI_REASON_AUTH_FAIL: wifi(
    'Wi-Fi: the access point refused the authentication.',
    ['Wrong password, or a security mode the board does not use (WPA3 only, enterprise).', 'A MAC filter.'],
    ['Check the password, and allow WPA2 on the access point.'],
  ),
  WIFI_REASON_AUTH_EXPIRE: wifi(
    'Wi-Fi: the authentication timed out.',
    [
      'Weak signal, a busy access point, or too little power at the moment the radio sends.',
      'The access point dropped a board that reconnects too fast.',
    ],
    ['Look at the RSSI and at the power supply; wait longer between attempts.'],
  ),
  WIFI_REASON_NO_AP_FOUND: wifi(
    'Wi-Fi: no access point with that name was found.',
    [
      'A typing error in the SSID, an access point out of reach, or one on 5 GHz only, which no board but the ESP32-C5 hears.',
      'Its security is below what the board accepts (threshold.authmode).',
    ],
    ['Let the board scan and print what it sees.'],
  ),
  WIFI_REASON_BEACON_TIMEOUT: wifi(
    'Wi-Fi: the access point was not heard for too long.',
    ['Weak signal, interference, or an access point that restarted or changed its channel.'],
    ['Look at the RSSI; reconnect in the event handler.'],
  ),
  WIFI_REASON_ASSOC_LEAVE: wifi(
    'Wi-Fi: the board itself left, or was told to.',
    ['The sketch called disconnect() or begin() again.'],
    ['No error if the sketch does that on purpose.'],
  ),
  WIFI_REASON_CONNECTION_FAIL: wifi(
    'Wi-Fi: the connection failed without a reason from the access point.',
    ['It is out of reach, full, or filters this board.'],
    ['Try again with a growing pause; look at the access point’s log.'],
  ),
  EAI_FAIL: unresolved,
  EAI_NONAME: unresolved,
  DNS_FAILED: unresolved,
  HOST_NOT_FOUND: unresolved,
  ESP_ERR_ESP_TLS_CANNOT_RESOLVE_HOSTNAME: unresolved,
  ECONNABORTED: socket(
    'The connection was given up by the board’s own TCP stack.',
    ['No answer came to the packets it sent: wrong address, a firewall that drops, or Wi-Fi that went away.'],
    ['Check address and port from another computer in the same network.'],
  ),
  ECONNRESET: socket(
    'The peer reset the connection.',
    ['The broker refused or restarted, or a device between cut an idle connection.'],
    ['Read the broker’s log for the same second.'],
  ),
  ECONNREFUSED: socket(
    'Nothing listens on that port.',
    ['The broker is down, or listens on another port or on localhost only.'],
    ['Start the broker, and check its listener lines.'],
  ),
  EHOSTUNREACH: socket(
    'There is no route to the host.',
    ['Another network or a guest Wi-Fi without access, or no IP address yet.'],
    ['Put both into the same network, and connect after the IP address was got.'],
  ),
  ETIMEDOUT: socket(
    'The connection timed out.',
    ['A wrong address, a firewall that drops packets, or a broker that is down.'],
    ['Check address and port from another computer in the same network.'],
  ),
  ENOTCONN: socket(
    'The socket is not connected any more.',
    ['The other side closed it, or Wi-Fi broke; the next use of the socket notices.'],
    ['Reconnect with a growing pause; look at the keep-alive.'],
  ),
  EINPROGRESS: socket(
    'The connection attempt had not finished in time.',
    ['The peer does not answer: wrong address, a firewall, or a slow network.'],
    ['Raise the timeout, and check address and port.'],
  ),
  EAGAIN: socket(
    'Nothing could be read or written within the timeout.',
    ['The peer is slow, or the send buffer is full.'],
    ['Raise the timeout, or send less at once.'],
  ),
  ENOMEM: socket(
    'The network stack is out of memory.',
    ['Too many sockets or packets at once for the heap.'],
    ['Close connections that are done, and send smaller messages.'],
  ),
  ENFILE: socket(
    'Too many sockets are open.',
    ['Sockets are not closed, or CONFIG_LWIP_MAX_SOCKETS is too small.'],
    [moreSockets],
  ),
  EBADF: socket(
    'The socket is closed already.',
    ['Code goes on with a client that was stopped, often after an error above.'],
    ['Look for the first error above; stop using the client after stop().'],
  ),
};
