// Finds every cipher suite and key exchange group that a server takes: offers all, strikes out what it picks, asks again.
//
// What Node's own TLS library knows is offered in whole handshakes, so that a broker sees clients and no faults; the rest
// in hand-made hellos, which end there.
import { randomBytes } from 'node:crypto';
import { CIPHER_SUITES, opensslName, suiteByCode } from '../../core/tls/cipherSuites';
import { GROUP_CODES, groupName, type TlsVersion, VERSION_CODES } from '../../core/tls/clientHello';
import type { ProbeLink, ShakeOptions } from './probeLink';
import type { HandshakeResult } from './tlsHandshake';

/** As node:tls calls them. */
export const SECURE_VERSIONS = { '1.0': 'TLSv1', '1.1': 'TLSv1.1', '1.2': 'TLSv1.2', '1.3': 'TLSv1.3' } as const;

export function suitesFor(version: TlsVersion): number[] {
  const kind = version === '1.3' ? '1.3' : '1.2';
  return CIPHER_SUITES.filter((suite) => suite.version === kind).map(({ code }) => code);
}

/** Numbers of the suites taken, in the order in which the server picks them. */
export async function takenSuites(link: ProbeLink, version: TlsVersion): Promise<number[]> {
  const offer = (left: readonly number[]): ShakeOptions | undefined => {
    // No key is held for a pre-shared key suite, so none could be finished.
    const own = left.flatMap((code) => suiteByCode(code) ?? []).filter(({ exchange }) => exchange !== 'psk');
    const ciphers = own.map(opensslName);
    if (ciphers.length === 0) return undefined;
    // Without @SECLEVEL=0 OpenSSL would not offer the weak ones that this test looks for.
    const list = version === '1.3' ? ciphers : [...ciphers, '@SECLEVEL=0'];
    return { version: SECURE_VERSIONS[version], ciphers: list.join(':') };
  };
  const all = suitesFor(version);
  const taken = await elimination(link, all, offer, ({ hello }) => hello.suite);
  let left = all.filter((code) => !taken.includes(code));
  for (; left.length > 0; ) {
    const { suite } = await link.hello({ version, suites: left, keyShare: randomBytes(32) });
    if (suite === undefined || !left.includes(suite)) break;
    taken.push(suite);
    left = left.filter((code) => code !== suite);
  }
  return taken;
}

/** Groups that OpenSSL 3 and BoringSSL can finish a handshake with; a list with one unknown name is refused as a whole. */
const FINISHABLE: readonly (readonly number[])[] = [
  [29, 23, 24, 25, 30, 256, 257, 258, 259, 260],
  [29, 23, 24, 25],
];

/** `certificateGroup`: the curve of the broker's key; in TLS 1.2 no ECDSA suite is taken without it in the offer. */
export async function takenGroups(
  link: ProbeLink,
  version: '1.2' | '1.3',
  certificateGroup?: number,
): Promise<number[]> {
  const suites = suitesFor(version).filter((code) => version === '1.3' || suiteByCode(code)?.exchange === 'ecdhe');
  const always = version === '1.2' && certificateGroup !== undefined ? [certificateGroup] : [];
  let taken: number[] = [];
  for (const finishable of FINISHABLE) {
    const offer = (left: readonly number[]): ShakeOptions | undefined => {
      const own = left.filter((code) => finishable.includes(code) && (version === '1.3' || code < 256));
      if (own.length === 0) return undefined;
      const groups = [...new Set([...own, ...always])].map(groupName).join(':');
      const ciphers = version === '1.2' ? { ciphers: 'ECDHE:@SECLEVEL=0' } : {};
      return { version: SECURE_VERSIONS[version], groups, ...ciphers };
    };
    taken = await elimination(link, GROUP_CODES, offer, ({ hello }) => hello.group);
    if (taken.length > 0) break;
  }
  for (let left = GROUP_CODES.filter((code) => !taken.includes(code)); left.length > 0; ) {
    const { group } = await link.hello({ version, suites, groups: [...new Set([...left, ...always])] });
    if (group === undefined || !left.includes(group)) break;
    taken.push(group);
    left = left.filter((code) => code !== group);
  }
  return taken;
}

async function elimination(
  link: ProbeLink,
  all: readonly number[],
  offer: (left: readonly number[]) => ShakeOptions | undefined,
  picked: (result: HandshakeResult) => number | undefined,
): Promise<number[]> {
  const taken: number[] = [];
  for (let left = [...all]; ; ) {
    const options = offer(left);
    if (!options) return taken;
    const result = await link.shake(options);
    const choice = picked(result);
    if (choice === undefined || !left.includes(choice)) return taken;
    taken.push(choice);
    if (!result.facts) return taken; // cannot be finished, such as without a client certificate: a hello costs less
    left = left.filter((code) => code !== choice);
  }
}

export function isOffered(version: TlsVersion, hello: HandshakeResult['hello']): boolean {
  return hello.version === VERSION_CODES[version];
}
