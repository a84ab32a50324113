// Compilers name files as they were called: PlatformIO relative to the project, CMake sometimes to its build folder.
// VS Code looks relative paths up in the workspace folder, so they are made whole.

const LOCATION =
  /^((?:In file included from|\s+from)\s+)?((?:\.{1,2}[\\/])*(?:[\w.+-]+[\\/])*[\w.+-]+\.(?:ino|c|cc|cpp|cxx|h|hh|hpp|S))(:\d+[:,])/;

/**
 * `line` with a relative path at its start made absolute: the first of `folders` (absolute) in which `exists` finds it.
 * @param join puts folder and relative path together.
 */
export function wholePath(
  line: string,
  folders: readonly string[],
  join: (folder: string, path: string) => string,
  exists: (path: string) => boolean,
): string {
  const [, before = '', path, after = ''] = LOCATION.exec(line) ?? [];
  if (path === undefined) return line;
  const whole = folders.map((folder) => join(folder, path)).find(exists);
  return whole === undefined
    ? line
    : `${before}${whole}${after}${line.slice(before.length + path.length + after.length)}`;
}
