// What esbuild's loaders make of imports that are not code.
declare module '*.css';
declare module '*.svg' {
  const source: string;
  export default source;
}
