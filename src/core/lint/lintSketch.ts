// Mistakes that tutorials teach, found in one C or C++ source: each has cost somebody a day.
import { cppTokens } from '../diagnose/cppTokens';
import { type SourceCall, SourceSymbols } from '../diagnose/sourceSymbols';
import { scanPem } from '../x509/pem';
import type { LintProblem } from './problem';

const KEEPS_POINTER = ['setCACert', 'setCertificate', 'setPrivateKey'];
const ESP8266_INCLUDE = /^(ESP8266WiFi|WiFiClientSecureBearSSL)\.h$/;

/** `path` decides whether a private key may be in it: `secrets.h` and the like are expected to be git-ignored. */
export function lintSketch(path: string, text: string): LintProblem[] {
  const symbols = new SourceSymbols([{ path, text }]);
  const problems = symbols.calls.flatMap((call) => [
    ...insecure(call, text),
    ...dangling(call),
    ...wrongApi(call, symbols.includes),
    ...plainPort(call, symbols),
  ]);
  return [...problems, ...pemLiterals(path, text)].sort((a, b) => a.start - b.start);
}

function insecure({ name, objectLength, at }: SourceCall, text: string): LintProblem[] {
  if (name !== 'setInsecure') return [];
  const start = at.start - objectLength;
  const end = text[at.end] === ';' ? at.end + 1 : at.end;
  return [
    {
      rule: 'insecure',
      severity: 'warning',
      message:
        'setInsecure() talks to anybody who answers, and on the ESP32 it drops the client certificate too. Set the CA of your broker instead.',
      start,
      end,
      fix: { title: 'Remove setInsecure()', newText: '', start, end },
    },
  ];
}

/** arduino-esp32's NetworkClientSecure keeps the pointer: a String's buffer is gone when its scope ends. */
function dangling({ name, args, at }: SourceCall): LintProblem[] {
  const usesBuffer = args.some((argument) => argument.some((token) => token.kind === 'word' && token.text === 'c_str'));
  if (!KEEPS_POINTER.includes(name) || !usesBuffer) return [];
  return [
    {
      rule: 'dangling-pointer',
      severity: 'warning',
      message: `${name}() keeps the pointer and copies nothing: when the String goes out of scope it points at freed memory. Keep the text in a static or global.`,
      start: at.start,
      end: at.end,
    },
  ];
}

function wrongApi({ name, at }: SourceCall, includes: readonly string[]): LintProblem[] {
  if (!includes.some((include) => ESP8266_INCLUDE.test(include)) || !KEEPS_POINTER.includes(name)) return [];
  const instead =
    name === 'setCACert' ? 'setTrustAnchors() with a BearSSL::X509List' : 'setClientECCert() or setClientRSACert()';
  return [
    {
      rule: 'wrong-platform-api',
      severity: 'error',
      message: `${name}() is the ESP32's. The ESP8266 core has ${instead}.`,
      start: at.start,
      end: at.end,
    },
  ];
}

function plainPort({ name, args }: SourceCall, symbols: SourceSymbols): LintProblem[] {
  const tls = ['WiFiClientSecure', 'NetworkClientSecure'].some((client) => symbols.words.has(client));
  const port = name === 'setServer' && args[1] ? symbols.resolve(args[1]) : undefined;
  if (!tls || port?.value !== 1883) return [];
  const { start, end } = port.at;
  return [
    {
      rule: 'plain-port',
      severity: 'warning',
      message: 'Port 1883 is plain MQTT as a rule; a TLS client gets no answer there. TLS is on 8883.',
      start,
      end,
      fix: { title: 'Use port 8883', newText: '8883', start, end },
    },
  ];
}

function pemLiterals(path: string, text: string): LintProblem[] {
  const problems: LintProblem[] = [];
  for (const token of cppTokens(text)) {
    if (token.kind !== 'string' || !token.value.includes('-----BEGIN')) continue;
    const { start, end } = token;
    const [damage] = scanPem(token.value).problems;
    if (damage) {
      const message = `This PEM text is damaged: ${damage.message} An ESP32 fails with -0x2780 or -0x2180 then.`;
      problems.push({ rule: 'damaged-pem', severity: 'error', message, start, end });
    }
    if (token.value.includes('PRIVATE KEY-----') && !/secret|private|credential/i.test(path)) {
      const message =
        'A private key in a source goes into git, and whoever has it is this device. Put it into secrets.h, and that into .gitignore.';
      problems.push({ rule: 'private-key-in-source', severity: 'warning', message, start, end });
    }
  }
  return problems;
}
