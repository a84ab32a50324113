// How long a certificate still lives, in words and as a grade, for lists and warnings.
import type { InventoryRecord } from './inventory';

export type ExpiryGrade = 'revoked' | 'replaced' | 'expired' | 'soon' | 'good';

const DAY = 86_400_000;

/** A certificate that ends within this many days is worth a warning: time enough to reach most devices. */
const WARN_DAYS = 30;

export function expiryGrade(record: Pick<InventoryRecord, 'status' | 'notAfter'>, nowMs: number): ExpiryGrade {
  if (record.status !== 'valid') return record.status;
  const left = Date.parse(record.notAfter) - nowMs;
  if (left <= 0) return 'expired';
  return left < WARN_DAYS * DAY ? 'soon' : 'good';
}

/** "until 2036-11-18", "expires in 12 days", "expires today", "expired on 2026-01-01", "revoked". */
export function expiryText(record: Pick<InventoryRecord, 'status' | 'notAfter'>, nowMs: number): string {
  const grade = expiryGrade(record, nowMs);
  const day = record.notAfter.slice(0, 10);
  switch (grade) {
    case 'good':
      return `until ${day}`;
    case 'soon': {
      const days = Math.floor((Date.parse(record.notAfter) - nowMs) / DAY);
      return days === 0 ? 'expires today' : `expires in ${days} day${days === 1 ? '' : 's'}`;
    }
    case 'expired':
      return `expired on ${day}`;
    default:
      return grade;
  }
}
