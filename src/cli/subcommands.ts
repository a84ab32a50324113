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

export const subcommands: Readonly<Record<string, Subcommand>> = {
  new: {
    summary: 'make a firmware project from a template',
    usage: `Usage: secure-iot new --list [--json]
       secure-iot new TEMPLATE --out DIR --set host=HOST --set device=NAME [--set NAME=VALUE …]
                      [--certs DIR] [--framework arduino|platformio|esp-idf] [--board BOARD]

Makes a firmware project in DIR, which must not exist or be empty.
  --set NAME=VALUE   a value of the template; "new --list" names them
  --set-env NAME=VAR the value comes from an environment variable: for secrets such as wifiPassword
  --certs DIR        folder of the certificates (default: certs)`,
    load: () => import('./new'),
  },
};
