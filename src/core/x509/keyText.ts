// A public key in the words people use: `EC P-256`, `RSA 2048`.
import { CURVES } from './algorithms';
import type { PublicKeyInfo } from './publicKey';

export function keyText({ algorithm, curve, bits }: PublicKeyInfo): string {
  if (algorithm === 'ec') {
    const known = Object.values(CURVES).find(({ name }) => name === curve);
    return `EC ${known?.common ?? curve ?? ''}`.trim();
  }
  return algorithm.startsWith('rsa') ? `${algorithm.toUpperCase()} ${bits}` : algorithm;
}
