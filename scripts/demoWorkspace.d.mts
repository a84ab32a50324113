export const root: string;
export const DEMO_PASSPHRASE: string;
export const DEMO_DEVICE: string;
export function secureIot(args: readonly string[], options?: { cwd?: string; env?: Record<string, string> }): string;
export function buildDemoFirmware(sketch: string): void;
export function makeEmptyWorkspace(folder: string, options: { board: string; brokerPort: number }): void;
export function makeDemoWorkspace(folder: string, options: { board: string; brokerPort: number }): string;
export function replaceCa(sketch: string, pem: string): void;
