// Time zones: what a board's C library reads, and names as tzdata has them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { refuseTimeZone, toPosixTimeZone } from '../../../src/core/firmware/timeZone';
import { TIME_ZONE_NAMES } from '../../../src/core/firmware/timeZoneNames';

const DATABASE = '/usr/share/zoneinfo';
const tzdata: { readonly version: string; readonly rules: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(join(__dirname, '../../fixtures/timeZones/tzdata.json'), 'utf8'),
);

test('POSIX strings are taken as they are', () => {
  const strings = [
    'UTC0',
    'GMT0',
    'EST5',
    'JST-9',
    'IST-5:30',
    'CET-1CEST,M3.5.0,M10.5.0/3',
    'AEST-10AEDT,M10.1.0,M4.1.0/3',
  ];
  for (const zone of [...strings, 'XXX4YYY3:30,J60/1,300/26:15', 'NZST-12NZDT,M9.5.0,M4.1.0/3'])
    assert.equal(toPosixTimeZone(zone), zone);
});

test('names are translated, whatever their case', () => {
  assert.equal(toPosixTimeZone('Europe/Berlin'), 'CET-1CEST,M3.5.0,M10.5.0/3');
  assert.equal(toPosixTimeZone('asia/KOLKATA'), 'IST-5:30');
  for (const utc of ['UTC', 'Etc/UTC', 'GMT', 'Z']) assert.equal(toPosixTimeZone(utc), 'UTC0');
});

test('an abbreviation in brackets, which older boards do not read, becomes letters; the rule stays', () => {
  assert.equal(toPosixTimeZone('<+0330>-3:30'), 'STD-3:30');
  assert.equal(toPosixTimeZone('<-01>1<+00>,M3.5.0/0,M10.5.0/1'), 'STD1DST,M3.5.0/0,M10.5.0/1');
});

test('what would be read as another time is refused with what to write', () => {
  const refused: [string, RegExp][] = [
    ['Mars/Olympus_Mons', /not in the list.*CET-1CEST/],
    ['Africa/Casablanca', /not in the list/],
    ['Berlin', /not in the list/],
    ['UTC+2', /other way round: "STD-2" is what most people call UTC\+2/],
    ['gmt-5:30', /"STD\+5:30" is what most people call UTC-5:30/],
    ['CET-1CEST', /dates of the USA/],
    ['<-02>2<-01>,M3.5.0/-1,M10.5.0/0', /before midnight/],
    ['CET-1CEST,M3.5.0', /two change-overs/],
    ['CET-1CEST,M13.5.0,M10.5.0', /two change-overs/],
    ['CET-1CEST,J0,J400', /day of the year/],
    ['CET-25', /24 hours/],
    ['CE-1', /a name such as Europe\/Berlin/],
    ['+01:00', /a name such as Europe\/Berlin/],
    [':/etc/localtime', /a name such as/],
    ['"; system("x"); //', /a name such as/],
    ['UTC0\\', /a name such as/],
  ];
  for (const [zone, reason] of refused) {
    assert.match(refuseTimeZone(zone) ?? 'taken', reason, zone);
    assert.equal(toPosixTimeZone(zone), undefined, zone);
  }
});

test('each name of the table has the rule of the time zone database it was made from', () => {
  for (const [name, rule] of Object.entries(TIME_ZONE_NAMES))
    assert.equal(rule, toPosixTimeZone(tzdata.rules[name] ?? ''), name);
});

test('the database of this machine has nearly all of these rules: countries change theirs', (t) => {
  if (!existsSync(join(DATABASE, 'Europe/Berlin'))) return t.skip('tzdata is not installed');
  const names = Object.keys(TIME_ZONE_NAMES);
  const differing = names.filter((name) => {
    const footer = readFileSync(join(DATABASE, name), 'latin1').trimEnd().split('\n').at(-1) ?? '';
    return toPosixTimeZone(footer) !== TIME_ZONE_NAMES[name];
  });
  if (differing.length > 0) t.diagnostic(`differing from tzdata ${tzdata.version}: ${differing.join(', ')}`);
  assert.ok(differing.length < names.length / 10, differing.join(', '));
});

test('each rule of the table gives the C library the time that the name gives it', (t) => {
  if (!existsSync(join(DATABASE, 'Europe/Berlin'))) return t.skip('tzdata is not installed');
  // A time in each month, and one between the change-overs of north and south.
  const times = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((month) => `@${Date.UTC(2030, month - 1, 14, 3) / 1000}`);
  const local = (zone: string): string =>
    times.map((at) => execFileSync('date', ['-d', at, '+%H:%M%z'], { env: { TZ: zone }, encoding: 'utf8' })).join('');
  for (const name of ['America/New_York', 'Asia/Kathmandu', 'Atlantic/Azores', 'Europe/Dublin', 'Australia/Adelaide'])
    assert.equal(local(TIME_ZONE_NAMES[name] ?? ''), local(name), name);
});
