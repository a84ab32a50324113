// Whether a device's identity will be accepted: not revoked, issued by the CA beside it, and the broker's as well.
import type { X509Certificate } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../core/errors';
import { openCertificateStore } from '../pki/certificateStore';
import type { DeviceIdentity } from '../pki/identityFiles';
import { pemCertificates } from '../pki/pemCertificates';

/** Throws UserError `certificate-revoked`. Returns what will keep the board from connecting, in plain sentences. */
export async function checkIdentityFit(folder: string, device: string, identity: DeviceIdentity): Promise<string[]> {
  const authorities = pemCertificates(identity.ca, 'The CA');
  const [leaf, ...between] = pemCertificates(identity.device, 'The device certificate');
  if (!leaf) return [];
  const fingerprint = leaf.fingerprint256;
  const record = (await openCertificateStore(folder).list()).find((one) => one.fingerprint === fingerprint);
  if (record?.status === 'revoked')
    throw new UserError(
      'certificate-revoked',
      `The certificate of "${device}" is revoked: brokers that read the list refuse it. Make a new one for another name, or renew it.`,
    );
  const problems: string[] = [];
  if (!leadsTo(leaf, between, authorities))
    problems.push(
      `The certificate of "${device}" was not issued by ca/ca.crt: a broker that trusts this CA refuses the board.`,
    );
  for (const { name, certificates } of await brokerCertificates(folder)) {
    const [own, ...chain] = certificates;
    if (own && !leadsTo(own, chain, authorities))
      problems.push(
        `The broker certificate ${name} was not issued by ca/ca.crt: the board will refuse that broker (-0x2700).`,
      );
  }
  return problems;
}

function leadsTo(
  leaf: X509Certificate,
  between: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
): boolean {
  let current = leaf;
  for (let step = 0; step <= between.length; step++) {
    const subject = current;
    if (authorities.some((ca) => subject.checkIssued(ca) && subject.verify(ca.publicKey))) return true;
    const next = between.find((one) => one !== subject && subject.checkIssued(one) && subject.verify(one.publicKey));
    if (!next) return false;
    current = next;
  }
  return false;
}

async function brokerCertificates(folder: string) {
  const names = (await readdir(join(folder, 'broker')).catch(() => [])).filter((name) => name.endsWith('.crt'));
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, 'broker', name), 'utf8').catch(() => '');
      return { name: `broker/${name}`, certificates: readable(text) };
    }),
  );
}

function readable(text: string): X509Certificate[] {
  try {
    return pemCertificates(text, 'The broker certificate');
  } catch {
    return [];
  }
}
