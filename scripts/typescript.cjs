// `node --require ./scripts/typescript.cjs FILE.ts` runs TypeScript. Not `node --import tsx`: its hooks run in a thread
// that Node 20 once waited for without end, before a test file had begun. tsx/cjs works in the file's own thread; what
// it leaves to those hooks, `import()` of a file of ours, becomes require() here.
const Module = require('node:module');
require('tsx/cjs');

const compile = Module.prototype._compile;
Module.prototype._compile = function (code, filename, ...rest) {
  const ours = filename.endsWith('.ts')
    ? code.replace(/\bimport\((["'])(\.[^"']*)\1\)/g, 'Promise.resolve().then(() => require($1$2$1))')
    : code;
  return compile.call(this, ours, filename, ...rest);
};
