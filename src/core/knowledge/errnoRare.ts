// Rarer errno values that sockets of lwIP give, getaddrinfo, and values of the Arduino HTTPClient.
import type { Entry } from './entry';
import { entriesFrom, named } from './plainEntry';
import { diagnose } from './shared';

const socket = entriesFrom('newlib sys/errno.h; lwIP src/api/sockets.c and err.c (err_to_errno)');
const dns = entriesFrom('lwIP src/include/lwip/netdb.h, src/api/netdb.c');
const http = entriesFrom('arduino-esp32 libraries/HTTPClient/src/HTTPClient.h; ESP8266HTTPClient.h');

const noNetwork = socket(
  'The network is down, or has no way there.',
  ['Wi-Fi or Ethernet is not connected, has no IP address yet, or no gateway.'],
  ['Connect after the IP address was got (IP_EVENT_STA_GOT_IP, WL_CONNECTED).'],
);
const badCall = socket('A socket function was called with something it cannot use.', [
  'A socket that is closed, an option that is not built in, or an address of another family.',
]);
const connectionLost = http(
  'HTTPClient: the connection broke while the request was sent or the answer read.',
  ['The server closed it, Wi-Fi went away, or the heap is too small for the TLS buffers.'],
  ['Look for the TLS or socket error above; call end() before the next begin().', diagnose],
);

export const errnoRareEntries: Readonly<Record<string, Entry>> = {
  ...named(['ENETUNREACH', 'ENETDOWN', 'ENETRESET', 'ENONET', 'EADDRNOTAVAIL'], noNetwork),
  EHOSTDOWN: socket(
    'The host does not answer.',
    ['It is off, or in another network.'],
    ['Ping it from a computer in the same network.'],
  ),
  ...named(
    ['EPIPE', 'ESHUTDOWN'],
    socket(
      'The connection was closed for writing.',
      ['The other side, or the firmware itself, closed it before.'],
      ['Look for the first error above; reconnect.'],
    ),
  ),
  ENOBUFS: socket(
    'The network stack is out of buffers.',
    ['Too many packets at once, or the heap is too small.'],
    ['Send less at once; free memory.'],
  ),
  EADDRINUSE: socket(
    'The port is in use.',
    ['A socket on it is still open or was closed a moment ago (TIME_WAIT).'],
    ['Close the old socket, or set SO_REUSEADDR.'],
  ),
  ...named(
    ['EALREADY', 'EISCONN'],
    socket(
      'The socket is connecting or connected already.',
      ['connect() was called twice.'],
      ['Close the socket before connecting again.'],
    ),
  ),
  EMFILE: socket(
    'Too many files or sockets are open.',
    ['They are not closed, or the limit is too small.'],
    ['Close each one; raise CONFIG_LWIP_MAX_SOCKETS.'],
  ),
  EIO: socket(
    'Input or output failed.',
    ['On MicroPython as a rule the TLS layer: the other side closed the connection or the handshake failed.'],
    [diagnose],
  ),
  EINVAL: badCall,
  ...named(
    [
      'ENOTSOCK',
      'ENOPROTOOPT',
      'EAFNOSUPPORT',
      'EPFNOSUPPORT',
      'EPROTONOSUPPORT',
      'ESOCKTNOSUPPORT',
      'EPROTOTYPE',
      'EOPNOTSUPP',
      'EDESTADDRREQ',
      'EFAULT',
      'ENOSYS',
      'ENOTSUP',
    ],
    badCall,
  ),
  EMSGSIZE: socket(
    'The message is too large for one packet.',
    ['A UDP datagram above what the stack takes.'],
    ['Send it in pieces.'],
  ),
  EINTR: socket('The call was interrupted.', [], ['Call it again.']),
  ECANCELED: socket('The operation was cancelled.', ['The socket was closed by another task.']),
  EBUSY: socket('What is asked for is in use.', ['A peripheral, file or lock that another task holds.']),
  ENODEV: socket('No such device.', ['It is not initialised, or does not answer on its bus.']),
  EACCES: socket('Access is not allowed.', ['The rights of the file or port do not permit it.']),
  EPERM: socket('That is not permitted.', ['On MicroPython with an MQTT client also: not connected.']),
  ENOENT: socket(
    'There is no such file.',
    ['It is not in the file system of the board: a certificate that was not uploaded, for one.'],
    ['List the files; flash the file system image.'],
  ),
  ENOSPC: socket(
    'No space is left.',
    ['The file system or partition is full.'],
    ['Delete files, or choose a larger partition.'],
  ),
  EOVERFLOW: socket('A value is too large.', []),
  ...named(['EPROTO', 'ECOMM', 'EBADMSG'], socket('The other side said something that breaks the protocol.', [])),

  ...named(
    ['EEXIST', 'ENOTDIR', 'EISDIR', 'EROFS', 'ENOTEMPTY', 'ENAMETOOLONG', 'EFBIG'],
    socket('The file system refused that path or size.', [
      'A file where a folder is expected, or the reverse; a name that is too long, exists already, or is read-only.',
    ]),
  ),

  EAI_MEMORY: dns(
    'The name could not be looked up: out of memory.',
    ['The heap is too small for the DNS request.'],
    ['Free memory before connecting.'],
  ),
  EAI_SERVICE: dns(
    'The port of the lookup is not a number.',
    ['lwIP knows port numbers only, not names such as "mqtts".'],
    ['Give the port as a number.'],
  ),
  EAI_FAMILY: dns('The address family is not built in.', [
    'IPv6 was asked for, and CONFIG_LWIP_IPV6 is off (or the reverse).',
  ]),
  ...named(
    ['NO_DATA', 'NO_RECOVERY', 'TRY_AGAIN'],
    dns(
      'The DNS server gave no usable answer.',
      ['It does not know the name, or could not be reached.'],
      ['Test the name with nslookup in the same network.'],
    ),
  ),

  ...named(
    [
      'HTTPC_ERROR_SEND_HEADER_FAILED',
      'HTTPC_ERROR_SEND_PAYLOAD_FAILED',
      'HTTPC_ERROR_CONNECTION_LOST',
      'HTTPC_ERROR_STREAM_WRITE',
    ],
    connectionLost,
  ),
  HTTPC_ERROR_NOT_CONNECTED: http(
    'HTTPClient: there is no connection.',
    ['begin() failed or was not called, or the server closed a kept connection.'],
    ['Check what begin() returns.'],
  ),
  HTTPC_ERROR_NO_STREAM: http('HTTPClient: there is nowhere to read from or write to.', [
    'The connection or the given stream is null.',
  ]),
  HTTPC_ERROR_NO_HTTP_SERVER: http(
    'HTTPClient: what answered is no HTTP server.',
    ['A TLS port asked in plain text, or another service on that port.'],
    ['Check scheme and port: https:// and 443.'],
  ),
  HTTPC_ERROR_ENCODING: http(
    'HTTPClient: the server uses a transfer encoding it does not know.',
    ['Something else than chunked.'],
    ['Ask for HTTP 1.0: http.useHTTP10(true).'],
  ),
};
