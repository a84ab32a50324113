// How a build tool is started on each system.
export interface ToolCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly shell: boolean;
}

/**
 * What `spawn` takes. Windows runs .cmd and .bat files by its shell only, and Node refuses them without it
 * (CVE-2024-27980); the shell gets one line, in which words with spaces are to be quoted.
 */
export function toolCommand(
  program: string,
  args: readonly string[],
  platform: NodeJS.Platform = process.platform,
): ToolCommand {
  const shell = platform === 'win32' && /\.(?:cmd|bat)$/i.test(program);
  const word = (text: string): string => (shell && /[^\w\\/:.=-]/.test(text) ? `"${text}"` : text);
  return { command: word(program), args: args.map(word), shell };
}
