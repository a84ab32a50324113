// Bundles an entry into two files. `<name>.js` has what its static imports reach: all that is read and compiled when
// VS Code activates the extension. `features.js` has what only `await import(…)` reaches; the first such import reads
// it once, and each module in it runs when it is asked for. A module is in one of the two, so there is one UserError.
// (More files than two cost more than they save: finding and opening a file is dearer than compiling a small module.)
import { join, relative } from 'node:path';
import esbuild from 'esbuild';

const ACTIVATION = 'activation';
const FEATURE = 'feature';
const REGISTRY = 'activation-modules';

/** `options` are esbuild's; `entry` is relative to `absWorkingDir`. Returns the two metafiles. */
export async function splitBundle(entry, { outdir, name, plugins = [], ...options }) {
  const root = options.absWorkingDir;
  const shared = { ...options, metafile: true };
  const { metafile } = await esbuild.build({ ...shared, plugins, entryPoints: [entry], write: false, outdir });
  const early = staticModules(metafile.inputs, entry);
  const late = [...lateModules(metafile.inputs, early)].sort();
  const features = await esbuild.build({
    ...shared,
    plugins: [fromActivation(root, early), ...plugins],
    stdin: { contents: featuresEntry(late), resolveDir: root, loader: 'js' },
    outfile: join(outdir, 'features.js'),
  });
  const used = Object.keys(features.metafile.inputs)
    .filter((path) => path.startsWith(`${ACTIVATION}:`))
    .map((path) => path.slice(ACTIVATION.length + 1));
  const activation = await esbuild.build({
    ...shared,
    plugins: [fromFeatures(root, early), ...plugins],
    stdin: { contents: activationEntry(entry, used), resolveDir: root, loader: 'ts' },
    outfile: join(outdir, `${name}.js`),
  });
  return [activation.metafile, features.metafile];
}

/** Paths of all modules that run when `entry` is loaded. */
function staticModules(inputs, entry) {
  const found = new Set();
  const queue = [entry];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path) || !inputs[path]) continue;
    found.add(path);
    for (const next of inputs[path].imports)
      if (next.kind !== 'dynamic-import' && !next.external) queue.push(next.path);
  }
  return found;
}

/** The targets of dynamic imports in modules of `early`, that are not in it themselves. */
function* lateModules(inputs, early) {
  const seen = new Set();
  for (const path of early)
    for (const { kind, path: target, external } of inputs[path].imports)
      if (kind === 'dynamic-import' && !external && !early.has(target) && !seen.has(target)) {
        seen.add(target);
        yield target;
      }
}

function featuresEntry(late) {
  const loaders = late.map((path) => `${JSON.stringify(path)}: () => require(${JSON.stringify(`./${path}`)})`);
  return `const features = { ${loaders.join(',\n')} };
exports.load = (activation, path) => {
  require(${JSON.stringify(REGISTRY)}).modules = activation;
  return features[path]();
};`;
}

function activationEntry(entry, used) {
  const imports = used.map((path, i) => `import * as m${i} from ${JSON.stringify(`./${path}`)};`);
  const members = used.map((path, i) => `${JSON.stringify(path)}: m${i}`);
  return `export * from ${JSON.stringify(`./${entry}`)};
import registry from ${JSON.stringify(REGISTRY)};
${imports.join('\n')}
registry.modules = { ${members.join(', ')} };`;
}

/** A resolver of relative imports that gives the path from the root, or undefined. */
const resolver = (build, root) => async (args) => {
  if (args.pluginData === ACTIVATION || !args.path.startsWith('.')) return undefined;
  const { path, errors } = await build.resolve(args.path, {
    kind: args.kind,
    importer: args.importer,
    resolveDir: args.resolveDir,
    pluginData: ACTIVATION, // not to ask ourselves again
  });
  return errors.length > 0 ? undefined : relative(root, path).replaceAll('\\', '/');
};

/** In each bundle, a place for the modules of activation: filled there, handed over at the first feature. */
function provideRegistry(build) {
  build.onResolve({ filter: new RegExp(`^${REGISTRY}$`) }, () => ({ path: REGISTRY, namespace: REGISTRY }));
  build.onLoad({ filter: /.*/, namespace: REGISTRY }, () => ({ contents: 'exports.modules = {};' }));
}

/** While features are bundled: a module of activation comes from there. */
const fromActivation = (root, early) => ({
  name: 'from-activation',
  setup(build) {
    const resolve = resolver(build, root);
    provideRegistry(build);
    build.onResolve({ filter: /^\./ }, async (args) => {
      const path = await resolve(args);
      return path !== undefined && early.has(path) ? { path, namespace: ACTIVATION } : undefined;
    });
    build.onLoad({ filter: /.*/, namespace: ACTIVATION }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(REGISTRY)}).modules[${JSON.stringify(path)}];`,
    }));
  },
});

/** While activation is bundled: a dynamic import of a module that is not in it goes to features.js. */
const fromFeatures = (root, early) => ({
  name: 'from-features',
  setup(build) {
    const resolve = resolver(build, root);
    provideRegistry(build);
    build.onResolve({ filter: /^\./ }, async (args) => {
      if (args.kind !== 'dynamic-import') return undefined;
      const path = await resolve(args);
      return path === undefined || early.has(path) ? undefined : { path, namespace: FEATURE };
    });
    build.onResolve({ filter: /^\.\/features\.js$/, namespace: FEATURE }, () => ({
      path: './features.js',
      external: true,
    }));
    build.onLoad({ filter: /.*/, namespace: FEATURE }, ({ path }) => ({
      contents: `module.exports = require('./features.js').load(require(${JSON.stringify(REGISTRY)}).modules, ${JSON.stringify(path)});`,
    }));
  },
});
