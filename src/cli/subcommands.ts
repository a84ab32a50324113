// Every subcommand of `secure-iot`, once; each loads its file only when it runs.

export interface SubcommandModule {
  /** Resolves to the exit code. Throws UserError for what the user can mend. */
  run(args: readonly string[]): Promise<number>;
}

export interface Subcommand {
  readonly summary: string;
  readonly usage: string;
  readonly load: () => Promise<SubcommandModule>;
}

export const subcommands: Readonly<Record<string, Subcommand>> = {};
