// "Will it work on my board?": what each kind of board makes of a tested broker, by the rules of its own TLS stack.
import type { BoardQuestion } from '../diagnose/boardView';
import { lookAsBoard } from '../diagnose/deviceEye';
import { type TlsStackId, tlsStacks } from '../diagnose/tlsStack';
import { returnName } from '../mqtt/reasonCodes';
import type { Certificate } from '../x509/certificate';
import { bearsslCode, explainObjections } from './boardObjections';
import { offerOf } from './boardOffer';
import { suiteByCode } from './cipherSuites';
import type { ProbeReport } from './probeReport';

export interface BoardVerdict {
  readonly board: string;
  readonly stack: TlsStackId;
  readonly verdict: 'works' | 'fails' | 'unknown';
  /** What the board prints when it fails; else empty. */
  readonly code: string;
  /** Why it fails, or what is not known; empty where it works. */
  readonly why: string;
  /** The heap that the handshake takes. */
  readonly heap: string;
  /** What to change, or what would save memory; may be empty. */
  readonly change: string;
}

interface Board {
  readonly name: string;
  readonly stack: TlsStackId;
  /** MBEDTLS_DYNAMIC_BUFFER is in ESP-IDF's components/mbedtls/Kconfig; Arduino's libraries are built already. */
  readonly dynamicBuffer?: true;
}

const BOARDS: readonly Board[] = [
  { name: 'ESP8266 Arduino (BearSSL)', stack: 'bearssl' },
  { name: 'ESP32 Arduino 2.x', stack: 'mbedtls-2.28' },
  { name: 'ESP32 Arduino 3.x', stack: 'mbedtls-3.6' },
  { name: 'ESP-IDF 4.4', stack: 'mbedtls-2.28', dynamicBuffer: true },
  { name: 'ESP-IDF 5.x', stack: 'mbedtls-3.6', dynamicBuffer: true },
  { name: 'ESP-IDF 6.x', stack: 'mbedtls-4' },
];

/** `anchors`: the CAs that the board would hold. Empty when they are not known: then nothing is said about trust. */
export function boardTable(
  report: ProbeReport,
  anchors: readonly Certificate[],
  verifySignature: BoardQuestion['verifySignature'],
): BoardVerdict[] {
  return BOARDS.map((board) => {
    const { name, stack } = board;
    const heap = handshakeHeap(stack);
    return { board: name, stack, heap, ...judge(board, report, anchors, verifySignature) };
  });
}

function judge(
  board: Board,
  report: ProbeReport,
  anchors: readonly Certificate[],
  verifySignature: BoardQuestion['verifySignature'],
): Pick<BoardVerdict, 'verdict' | 'code' | 'why' | 'change'> {
  const { stack } = board;
  const bearssl = tlsStacks[stack].library === 'bearssl';
  const fails = (code: string, why: string, change: string) => ({ verdict: 'fails', code, why, change }) as const;
  const unknown = (why: string, change: string) => ({ verdict: 'unknown', code: '', why, change }) as const;
  const { servername: hostName, chain, timeMs: now, clientCertificate, mqtt } = report;
  const version = spoken(stack, report);
  if (!version) {
    if (stack === 'mbedtls-4' && report.versions['1.3'].offered) {
      return unknown(
        'The broker takes only TLS 1.3, which this firmware may have switched off.',
        'Build the firmware with CONFIG_MBEDTLS_SSL_PROTO_TLS1_3, or switch TLS 1.2 on in the broker.',
      );
    }
    // Offered TLS 1.2, a server that has TLS 1.3 only refuses with an alert; an older one answers with what it has.
    const newer = report.versions['1.3'].offered;
    const why = `The broker refuses TLS 1.2, and this board has nothing ${newer ? 'newer' : 'older'} by default.`;
    const code = newer ? '-0x7780' : '-0x6E80';
    return fails(bearssl ? 'BearSSL error 326' : code, why, 'Switch TLS 1.2 on in the broker.');
  }
  const taken = report.suites[version].flatMap((code) => suiteByCode(code) ?? []);
  if (!taken.some(offerOf(stack).has)) {
    const why = 'The broker takes none of the cipher suites that this board has by default.';
    return fails(bearssl ? 'BearSSL error 296' : '-0x7780', why, 'Switch ECDHE with AES-GCM on in the broker.');
  }
  if (anchors.length === 0) {
    return unknown(
      'TLS version and cipher suites fit; which CA the board holds is not known.',
      'Name the CA (--ca) to know whether the board trusts the certificate.',
    );
  }
  const view = lookAsBoard({ stack, anchors, chain, hostName, now, verifySignature });
  if (!view.accepted) {
    const { why, change } = explainObjections(view.objections, report);
    return fails(bearssl ? bearsslCode(view.objections) : '-0x2700', why, change);
  }
  const { outcome } = mqtt.withIdentity;
  if (clientCertificate.required && (outcome === 'tls-refused' || outcome === 'no-answer')) {
    const from = clientCertificate.acceptedIssuers.join('; ');
    // Some brokers send an alert, others only close.
    const [mbedtlsPrints, bearsslPrints] = outcome === 'no-answer' ? ['-0x7280', ''] : ['-0x7780', 'BearSSL error 296'];
    return fails(
      bearssl ? bearsslPrints : mbedtlsPrints,
      'The broker wants a client certificate and ends the handshake without one that it accepts.',
      `Give the board a client certificate${from ? ` from ${from}` : ' of the broker’s CA'} and its key.`,
    );
  }
  const change = [loginAdvice(report), savings(report, board)].filter(Boolean).join(' ');
  return { verdict: 'works', code: '', why: '', change };
}

/** The newest version before TLS 1.3 that both have. */
function spoken(stack: TlsStackId, { versions }: ProbeReport): '1.0' | '1.1' | '1.2' | undefined {
  if (versions['1.2'].offered) return '1.2';
  if (offerOf(stack).oldest === '1.2') return undefined;
  return versions['1.1'].offered ? '1.1' : versions['1.0'].offered ? '1.0' : undefined;
}

/** TLS is through, and still it does not get in. */
function loginAdvice({ mqtt: { withIdentity } }: ProbeReport): string {
  if (withIdentity.outcome !== 'refused') return '';
  return `MQTT then refuses it (${returnName(withIdentity.code)}): it needs a user name and a password, or other ones.`;
}

/** Sources: doc/esp8266wifi/bearssl-client-secure-class.rst; ESP-IDF's Kconfig (16 KB in, 4 KB out) and user reports. */
function handshakeHeap(stack: TlsStackId): string {
  return stack === 'bearssl' ? 'about 22 KB' : 'about 40 to 60 KB';
}

/** Goes under the table. */
export function heapNote({ chain }: ProbeReport): string {
  const bytes = chain.reduce((sum, { der }) => sum + der.length, 0);
  return `Of the heap, an ESP8266 takes 16 KB as its receive buffer; an ESP32 takes buffers of 16 KB in and 4 KB out by default. The chain that this broker sends has ${bytes} bytes.`;
}

function savings({ fragmentSizes: [small] }: ProbeReport, { stack, dynamicBuffer }: Board): string {
  if (stack !== 'bearssl')
    return dynamicBuffer ? 'CONFIG_MBEDTLS_DYNAMIC_BUFFER frees the buffers between records.' : '';
  return small === undefined
    ? 'To save heap, use a broker that takes small fragments (MFLN); this one does not.'
    : `setBufferSizes(${small}, ${small}) frees most of the receive buffer: the broker takes fragments of ${small} bytes.`;
}
