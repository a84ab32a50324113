// A TLS test's report as JSON, for programs: every fact, the judgement, and what each board makes of it.
import type { BoardVerdict } from './boardTable';
import type { ProbeReport } from './probeReport';
import { isTrusted, reportSections } from './probeSections';

/** `chain`: DER in base64, leaf first. */
export function probeJson(report: ProbeReport, boards: readonly BoardVerdict[]): string {
  const chain = report.chain.map(({ der }) => btoa(String.fromCharCode(...der)));
  const all = { ...report, chain, trusted: isTrusted(report), sections: reportSections(report), boards };
  return `${JSON.stringify(all, undefined, 2)}\n`;
}
