import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BrokerLogSummary } from '../../../src/core/mqtt/brokerLogSummary';

const summary = (...lines: readonly string[]) => {
  const all = new BrokerLogSummary();
  for (const [index, line] of lines.entries()) all.push(line, index + 1);
  return all;
};
const UNKNOWN_CA = '1: OpenSSL Error[0]: error:0A000418:SSL routines::tlsv1 alert unknown ca';
const NO_CERTIFICATE = '2: OpenSSL Error[0]: error:0A0000C7:SSL routines::peer did not return a certificate';

describe('the summary of a broker log', () => {
  it('groups what is the same, the most frequent first, with where it stands', () => {
    const page = summary('x', UNKNOWN_CA, NO_CERTIFICATE, NO_CERTIFICATE).markdown('mosquitto.log');
    assert.match(page, /4 lines, 2 kinds of trouble/);
    assert.ok(page.indexOf('## 2 × A client showed no certificate') < page.indexOf('## 1 × A client refused'));
    assert.match(page, /First in line 3, last in line 4:/);
    assert.match(page, /\*\*What to do:\*\* Put the CA/);
  });

  it('says that nothing was found, and how to log more', () => {
    assert.match(summary('1: mosquitto version 2.0.11 running').markdown('a.log'), /log_type all/);
  });

  it('does not let a client write into the page', () => {
    const page = summary('1: Client <b>x\u001b[2J# disconnected, not authorised.').markdown('<i>a</i>.log');
    assert.ok(!page.includes('\u001b') && !page.includes('<i>'));
    assert.match(page, /^ {4}1: Client <b>x/m, 'as code');
  });
});
