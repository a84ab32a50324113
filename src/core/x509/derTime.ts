// UTCTime and GeneralizedTime as RFC 5280, 4.1.2.5 allows them in certificates -> epoch milliseconds.
import { type DerElement, derDamaged, Tag, value } from './der';

/** Epoch milliseconds, UTC. Two-digit years: 50 to 99 are 19xx. Throws UserError `der-damaged`. */
export function derTime(element: DerElement): number {
  const text = String.fromCharCode(...value(element).subarray(0, 32));
  const pattern =
    element.tag === Tag.utcTime
      ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?Z$/
      : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
  if (element.tag !== Tag.utcTime && element.tag !== Tag.generalizedTime)
    throw derDamaged('a date was expected', element.start);
  const match = pattern.exec(text);
  if (!match) throw derDamaged('a date that cannot be read', element.start);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const fullYear = element.tag === Tag.utcTime ? year + (year >= 50 ? 1900 : 2000) : year;
  // Date.UTC takes years below 100 as 19xx.
  const time = new Date(0).setUTCFullYear(fullYear, month - 1, day) + ((hour * 60 + minute) * 60 + second) * 1000;
  const back = new Date(time);
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) {
    throw derDamaged('a date that does not exist', element.start);
  }
  return time;
}
