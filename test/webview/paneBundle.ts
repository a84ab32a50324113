// The pane's script and style, built in memory as scripts/build.mjs builds them.
import { build } from 'esbuild';

export interface PaneBundle {
  readonly script: string;
  readonly style: string;
}

export async function buildPane(): Promise<PaneBundle> {
  const { outputFiles } = await build({
    entryPoints: { explorer: 'webview/explorer/main.ts' },
    outdir: 'dist/webview',
    bundle: true,
    platform: 'browser',
    target: 'chrome128',
    format: 'iife',
    loader: { '.svg': 'text' },
    write: false,
    logLevel: 'error',
  });
  const textOf = (end: string): string => outputFiles.find((file) => file.path.endsWith(end))?.text ?? '';
  return { script: textOf('.js'), style: textOf('.css') };
}
