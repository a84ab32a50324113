// Analyze Broker Log…: a mosquitto log, explained as a page.
import * as path from 'node:path';
import { CancelledError } from '../../core/errors';
import type { MarkdownPages } from '../markdownPages';
import { pickLogFile } from '../pickLogFile';
import { withProgress } from '../progress';

export async function analyzeBrokerLog(pages: MarkdownPages, options: { readonly file?: string }): Promise<void> {
  const file = options.file ?? (await pickLogFile('Analyze Broker Log'));
  const { summarizeBrokerLog } = await import('../../io/broker/brokerLog');
  const name = path.basename(file);
  const summary = await withProgress(`Analyzing ${name}`, async ({ signal }) => {
    try {
      return await summarizeBrokerLog(file, signal);
    } catch (error) {
      throw signal.aborted ? new CancelledError() : error;
    }
  });
  await pages.show(`Analysis of ${name}`, summary.markdown(name));
}
