// The decoder and the line splitter as they ship: bundled as scripts/build.mjs does it. Module by module, as tests load them, a constant
// of another module costs a call each time.
import Module from 'node:module';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const core = join(__dirname, '../../../src/core');

type Shipped = typeof import('../../../src/core/decode/logDecoder') &
  typeof import('../../../src/core/serial/lineSplitter');

export function shippedDecoder(): Shipped {
  const { outputFiles } = buildSync({
    stdin: {
      contents: "export * from './decode/logDecoder'; export * from './serial/lineSplitter';",
      resolveDir: core,
    },
    bundle: true,
    write: false,
    minifyWhitespace: true,
    minifySyntax: true,
    format: 'cjs',
    platform: 'neutral',
    target: 'node20',
  });
  const module = new Module('shippedDecoder') as Module & { _compile(code: string, name: string): void };
  module._compile(outputFiles[0]?.text ?? '', 'shippedDecoder');
  return module.exports as Shipped;
}
