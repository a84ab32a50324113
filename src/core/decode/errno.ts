// errno: newlib's numbers on ESP32, lwIP's on ESP8266; by number, by constant and by newlib's sentence. And getaddrinfo.
import type { DecodeContext } from './context';
import { socketErrorOf } from './micropython';
import type { Hit, Recognizer } from './recognizer';
import table from './tables/errno.json';

const NEWLIB: Readonly<Record<string, string>> = table.newlib;
const LWIP: Readonly<Record<string, string>> = { ...table.newlib, ...table.lwip };
const EAI: Readonly<Record<string, string>> = table.getaddrinfo;
const NUMBERS: ReadonlyMap<string, string> = new Map(Object.entries(NEWLIB).map(([code, name]) => [name, code]));

/** newlib libc/string/strerror.c, for what sockets give. */
const SENTENCES: Readonly<Record<string, string>> = {
  'Socket is not connected': 'ENOTCONN',
  'Connection already in progress': 'EINPROGRESS',
  'Software caused connection abort': 'ECONNABORTED',
  'Connection reset by peer': 'ECONNRESET',
  'Host is unreachable': 'EHOSTUNREACH',
  'Network is unreachable': 'ENETUNREACH',
  'Connection timed out': 'ETIMEDOUT',
  'Connection refused': 'ECONNREFUSED',
  'Bad file number': 'EBADF',
  'No more processes': 'EAGAIN',
  'Not enough space': 'ENOMEM',
  'Invalid argument': 'EINVAL',
  'Too many open files in system': 'ENFILE',
  'Too many open files': 'EMFILE',
  'No buffer space available': 'ENOBUFS',
  'Broken pipe': 'EPIPE',
  'Address already in use': 'EADDRINUSE',
};

const NUMBER =
  /(?:(?:\b|_)errno(?:\s+is)?|\bRES: -?\d+, ERR|socket error|socket errno|\blwip_\w+(?=\s*[:=])|\bconnect\(\): socket(?=: )|\bsetSocketOption\(\): [0-9a-f]+(?= : )|\bpoll (?:read|write) error|\bselect(?:\(\))? error|\berror in (?:\w+ ){0,2}(?:accept|recv|send|listen|bind|connect|socket|select|setsockopt|\w*sock\w*)|(?:endPacket\(\): could not send|parsePacket\(\): could not (?:check for|receive)) data|\[Errno|OSError(?: exception)?)(?:\(\))?\s*[:=]?\s*\(?(0x[0-9a-f]{1,2}|-?\d{3}|\d{1,3})(?![\w%]|\.\d)/gi;
const SENTENCE = /\berrno\s*[:=]\s*"?([A-Z][A-Za-z ]+)/;
/** esp-tls writes strerror() after its own words, mqtt examples in brackets. */
const WORDS = /\b(?:connect(?:\(\))? error: |errno string(?: \(|: )|Unable to connect \()([A-Z][A-Za-z ]+)/;
/** A socket's constant by itself, as Rust, Node and applications print it. */
const CONSTANT = /\b(?:ECONN(?:RESET|REFUSED|ABORTED)|EHOSTUNREACH|ETIMEDOUT|ENOTCONN|ENETUNREACH)\b/;
const MICROPYTHON = /\bOSError:.*?\b(E[A-Z]{2,14})\b/;

function find(line: string, context: DecodeContext): readonly Hit[] {
  const named = MICROPYTHON.exec(line)?.[1];
  const hits: Hit[] = [];
  for (const match of line.matchAll(NUMBER)) {
    const text = match[1] ?? '';
    const code = String(Math.abs(Number(text))); // lwIP's ports return it negated
    const esp8266 = context.platform.value === 'esp8266';
    const name =
      (named && NUMBERS.has(named) ? named : undefined) ?? (esp8266 ? LWIP[code] : (NEWLIB[code] ?? LWIP[code]));
    if (!name || code === '0') continue;
    const other = esp8266 ? NEWLIB[code] : LWIP[code];
    const also = other && other !== name ? [other] : [];
    hits.push({ start: match.index, text: match[0], code, name, family: 'errno', also });
  }
  const socket = socketErrorOf(line);
  if (socket) hits.push({ ...socket, family: 'errno' });
  if (hits.length > 0) return hits;
  const constant = CONSTANT.exec(line);
  if (constant) {
    const [text] = constant;
    return [{ start: constant.index, text, code: NUMBERS.get(text) ?? text, name: text, family: 'errno' }];
  }
  const words = WORDS.exec(line);
  const sentence = SENTENCE.exec(line) ?? words;
  const name = Object.entries(SENTENCES).find(([text]) => sentence?.[1]?.startsWith(text))?.[1];
  // The sentence to a number that was just printed is no second finding.
  if (words && context.recentHits(3).some((recent) => recent.name === name)) return [];
  if (sentence && name) {
    hits.push({
      start: sentence.index,
      text: sentence[0].trimEnd(),
      code: NUMBERS.get(name) ?? name,
      name,
      family: 'errno',
    });
  }
  return hits;
}

export const errno: Recognizer = {
  words: [
    'errno',
    'econn',
    'ehostu',
    'etimed',
    'enotconn',
    'enetunr',
    ', err: ',
    'connect error',
    'read error',
    'write error',
    'select err',
    'select() e',
    'unable to connect',
    'connect() error',
    'could not send',
    'socket err',
    'lwip_',
    'error in ',
    'oserror',
    'shake error',
    'connect(): socket: ',
    'setsocketoption(): ',
  ],
  find,
};

const GETADDRINFO =
  /(?:getaddrinfo(?:\(\))?|DNS lookup)[^\d-]*?(?:returns?|failed|error|err|:)[^\d-]{0,12}(-?\d{3})\b|\bOSError(?:: |\()(?:\[Errno )?(-20\d|-21\d)\b|\b(?:unable|fail\w*) to resolve \S+(?: -|:| \(?error)\D{0,3}(2[01]\d)\b/i;
const DNS_FAILED =
  /(DNS Failed for \S+|DNS: Found, but got no ip|(?:could not|couldn't|unable to|failed to|can't|cannot) resolve (?:host ?name |hostname |host |the )?[\w-]+(?:\.[\w-]+)+|could not get host from dns|DNS lookup failed(?! err)|hostByName\(\): DNS Failed|hostByName(?:\(\))? failed|Couldn't resolve IP address for|Error resolving MQTT broker IP address: -?\d+|\blookup error: -?\d+)/i;
const EAI_NAME =
  /\b(?:EAI_[A-Z]+|HOST_NOT_FOUND|NO_RECOVERY|(?:NO_DATA|TRY_AGAIN)(?<=(?:dns|lookup|resolv|getaddrinfo|netdb).*))\b/i;

function findDns(line: string): readonly Hit[] {
  const match = GETADDRINFO.exec(line);
  const text = match?.[1] ?? match?.[2] ?? match?.[3];
  if (match && text) {
    const code = text.replace('-', '');
    const name = EAI[code];
    if (name) return [{ start: match.index + match[0].length - text.length, text, code, name, family: 'dns' }];
  }
  const constant = EAI_NAME.exec(line);
  const known = constant && Object.entries(EAI).find(([, name]) => name === constant[0]);
  if (known) return [{ start: constant.index, text: constant[0], code: known[0], name: known[1], family: 'dns' }];
  const failed = DNS_FAILED.exec(line);
  return failed
    ? [{ start: failed.index, text: failed[0], code: 'DNS_FAILED', name: 'DNS_FAILED', family: 'dns' }]
    : [];
}

export const dns: Recognizer = {
  words: [
    'getaddrinfo',
    'dns failed',
    'dns: found',
    'host from d',
    'unresolv',
    'dns lookup',
    'resolv',
    'lookup error',
    'hostbyname',
    'oserror',
    'eai_',
    'host_not',
  ],
  find: findDns,
};
