// Mistakes in mosquitto.conf that leave a broker open or keep it from starting (mosquitto.conf(5)).
import type { LintProblem } from './problem';

export function lintMosquittoConf(text: string): LintProblem[] {
  const problems: LintProblem[] = [];
  const usesTls = /^\s*certfile\s/m.test(text);
  for (const match of text.matchAll(/^[ \t]*(tls_version|listener|port)[ \t]+([^\r\n#]*)/gm)) {
    const [line, option = '', rest = ''] = match;
    const start = match.index + line.length - line.trimStart().length;
    const end = match.index + line.trimEnd().length;
    const words = rest.trim().split(/\s+/);
    if (option === 'tls_version' && words.length > 1) {
      const lowest = [...words].sort()[0] ?? 'tlsv1.2';
      problems.push({
        rule: 'mosquitto-tls-version',
        severity: 'error',
        message: 'tls_version takes one value, the lowest version that is allowed; mosquitto refuses this line.',
        start,
        end,
        fix: { title: `Use ${lowest} as the minimum`, newText: `tls_version ${lowest}`, start, end },
      });
    }
    const local = /^(localhost|127\.|::1)/.test(words[1] ?? '');
    if (option !== 'tls_version' && words[0] === '1883' && usesTls && !local) {
      problems.push({
        rule: 'mosquitto-plain-listener',
        severity: 'warning',
        message:
          'This line opens plain MQTT on port 1883 to the network, beside TLS. Remove it, or bind it to 127.0.0.1.',
        start,
        end,
        fix: { title: 'Listen on 127.0.0.1 only', newText: 'listener 1883 127.0.0.1', start, end },
      });
    }
  }
  return problems;
}
