// Time zones as boards take them: POSIX TZ strings within what newlib's tzset() reads (newlib/libc/time/tzset.c).
import { TIME_ZONE_NAMES } from './timeZoneNames';

const NAME = '(?:[A-Za-z]{3,10}|<[-+0-9A-Za-z]{3,10}>)';
const TIME = '\\d{1,2}(?::[0-5]\\d(?::[0-5]\\d)?)?';
/** Hours of a change may pass midnight, by days (RFC 8536, 3.3.1), but newlib reads no sign there. */
const CHANGE_TIME = '(?:/\\d{1,3}(?::[0-5]\\d(?::[0-5]\\d)?)?)?';
const MONTH_DAY = '(?:M(?:[1-9]|1[0-2])\\.[1-5]\\.[0-6]|J?\\d{1,3})';
const STANDARD = `(${NAME})([+-]?${TIME})`;
const SUMMER = `(?:(${NAME})([+-]?${TIME})?(,.*)?)?`;
const POSIX = new RegExp(`^${STANDARD}${SUMMER}$`);
const CHANGES = new RegExp(`^(?:,${MONTH_DAY}${CHANGE_TIME}){2}$`);

const EXAMPLE = 'CET-1CEST,M3.5.0,M10.5.0/3';

function findName(value: string): string | undefined {
  const wanted = value.toLowerCase();
  if (wanted === 'etc/utc' || wanted === 'gmt' || wanted === 'z') return 'UTC';
  return Object.keys(TIME_ZONE_NAMES).find((name) => name.toLowerCase() === wanted);
}

/** The POSIX TZ string for an IANA name of the table, or for one that is POSIX already; else undefined. */
export function toPosixTimeZone(value: string): string | undefined {
  const name = findName(value);
  if (name) return TIME_ZONE_NAMES[name];
  if (refuseTimeZone(value)) return undefined;
  const [, standard = '', offset = '', summer = '', summerOffset = '', changes = ''] = POSIX.exec(value) ?? [];
  const plain = (abbreviation: string, instead: string): string =>
    abbreviation.startsWith('<') ? instead : abbreviation;
  return `${plain(standard, 'STD')}${offset}${plain(summer, 'DST')}${summerOffset}${changes}`;
}

/** The reason why no board can be told `value`, or undefined where it can. */
export function refuseTimeZone(value: string): string | undefined {
  if (findName(value)) return undefined;
  if (/^[A-Za-z_]+(\/[A-Za-z_+-]+)+$/.test(value) || /^[A-Za-z]+$/.test(value)) {
    return `this name is not in the list of zones; write the POSIX form, such as ${EXAMPLE} (the last line of the zone's file in /usr/share/zoneinfo)`;
  }
  const reversed = /^(?:UTC|GMT)([+-])(\d.*)$/i.exec(value);
  if (reversed) {
    const [, sign, hours] = reversed;
    return `POSIX counts the other way round: "STD${sign === '+' ? '-' : '+'}${hours}" is what most people call UTC${sign}${hours}; write that, or "STD${sign}${hours}" if you mean it`;
  }
  const [, standard, offset, summer, summerOffset, changes] = POSIX.exec(value) ?? [];
  if (!standard || !offset) return `a time zone is a name such as Europe/Berlin, or a POSIX string such as ${EXAMPLE}`;
  for (const one of [offset, summerOffset ?? '0']) {
    if (Number.parseInt(one.replace(/^[+-]/, ''), 10) > 24) return 'a time zone is at most 24 hours from UTC';
  }
  if (!summer) return undefined;
  if (!changes) {
    return `it names summer time but not when it begins and ends, and boards would take the dates of the USA; write them too, as in ${EXAMPLE}`;
  }
  if (changes.includes('/-')) return 'a change at a time before midnight ("/-1") is nothing that a board can read';
  if (!CHANGES.test(changes)) return `its two change-overs are not as in ${EXAMPLE}`;
  const days = [...changes.matchAll(/,(J?)(\d{1,3})/g)];
  const legal = days.every(([, julian, day]) => Number(day) <= 365 && (julian === '' || Number(day) >= 1));
  return legal ? undefined : 'a day of the year is 0 to 365, or J1 to J365';
}
