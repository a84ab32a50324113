// What `secure-iot monitor` is asked for, checked.
import { LINE_ENDINGS, type LineEnding, lineEndingNamed } from '../core/monitor/lineEnding';
import { parseLineFilter } from '../core/monitor/lineFilter';
import { parseLogSize } from '../core/monitor/logSize';
import type { ModemLines } from '../io/serial/boardPort';
import { CliUsageError, parseOptions } from './arguments';
import { boardOptions, parseBaud } from './boardOptions';
import { decodeOptions } from './decodeOptions';

export type MonitorOptions = ReturnType<typeof readMonitorOptions>;

/** Throws before anything is opened. */
export function readMonitorOptions(args: readonly string[]) {
  const { values, positionals } = parseOptions(args, {
    ...decodeOptions,
    ...boardOptions,
    timestamps: { type: 'boolean' },
    'since-reset': { type: 'boolean' },
    eol: { type: 'string' },
    dtr: { type: 'string' },
    rts: { type: 'string' },
    stats: { type: 'boolean' },
    filter: { type: 'string' },
    hex: { type: 'boolean' },
    log: { type: 'string' },
    'log-max': { type: 'string' },
    redact: { type: 'boolean' },
    reset: { type: 'boolean' },
    for: { type: 'string' },
  });
  if (positionals.length > 0) throw new CliUsageError('monitor takes options only.');
  const seconds = values.for === undefined ? undefined : Number(values.for);
  if (seconds !== undefined && !(seconds > 0)) throw new CliUsageError(`--for ${values.for} is not a time in seconds.`);
  const options = {
    values,
    seconds,
    baudRate: parseBaud(values.baud) ?? 115_200,
    filter: parseLineFilter(values.filter ?? ''),
    lines: parseLines(values.dtr, values.rts),
    ending: parseEnding(values.eol),
    maxBytes: values['log-max'] === undefined ? undefined : parseLogSize(values['log-max']),
  };
  if (values.log === undefined && (options.maxBytes !== undefined || values.redact))
    throw new CliUsageError('--log-max and --redact go with --log FILE.');
  return options;
}

function parseEnding(text: string | undefined): LineEnding | undefined {
  if (text === undefined) return undefined;
  const ending = lineEndingNamed(text);
  if (ending) return ending;
  throw new CliUsageError(`--eol ${text} is not a line ending: there are ${Object.keys(LINE_ENDINGS).join(', ')}.`);
}

function parseLines(dtr: string | undefined, rts: string | undefined): ModemLines | undefined {
  const on = (name: string, text: string | undefined) => {
    if (text !== undefined && text !== 'on' && text !== 'off') throw new CliUsageError(`--${name} is on or off.`);
    return text === 'on';
  };
  return dtr === undefined && rts === undefined ? undefined : { dtr: on('dtr', dtr), rts: on('rts', rts) };
}
