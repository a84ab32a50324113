// What `provision` and `provision --queue` share: options, and how a result is told.
import { PROVISION_TARGETS, type ProvisionTarget } from '../io/provisioning/identityWrite';
import type { ProvisionResult } from '../io/provisioning/provisionBoard';
import { CliUsageError } from './arguments';
import { boardOptions } from './boardOptions';

export const provisionOptions = {
  ...boardOptions,
  certs: { type: 'string', default: 'certs' },
  namespace: { type: 'string', default: 'tls' },
  partition: { type: 'string' },
  into: { type: 'string' },
} as const;

export function parseTarget(text: string | undefined): ProvisionTarget | undefined {
  const target = PROVISION_TARGETS.find((one) => one === text);
  if (text !== undefined && !target) throw new CliUsageError(`--into takes ${PROVISION_TARGETS.join(', ')}.`);
  return target;
}

export function jsonOf(device: string, { chip, mac, partition, encrypted, kept, backup }: ProvisionResult) {
  return { device, chip, mac, partition: partition.label, encrypted, kept, ...(backup ? { backup } : {}) };
}

export function textOf(device: string, { chip, mac, partition, encrypted, kept, backup }: ProvisionResult): string {
  const others = kept > 0 ? ` ${kept} other entries were kept.` : '';
  const copy = backup ? ` What the partition held before is in ${backup}.` : '';
  return `${chip}, MAC ${mac ?? 'unknown'}, is now "${device}": CA, certificate and key are in the partition "${partition.label}"${encrypted ? ', encrypted' : ''}, verified.${others}${copy}`;
}
