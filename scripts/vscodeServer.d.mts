export interface RunningServer {
  readonly url: string;
  output(): string;
  stop(): Promise<void>;
}
export type Release = 'current' | 'oldest';
export function installServer(which: Release): { node: string; entry: string };
export function freePort(): Promise<number>;
export function startServer(options: {
  which?: Release;
  vsix?: string;
  userFolder: string;
  port?: number;
  trust?: boolean;
  env?: Record<string, string>;
}): Promise<RunningServer>;
