// The one error a user can mend. Anything else that is thrown is a bug and is shown as one.

/** What the reader can do about it, as a button (in VS Code) or as a line of advice (in a terminal). */
export interface UserAction {
  readonly title: string;
  /** A command id of ours, run by the button. Without one the title is advice only. */
  readonly command?: string;
  readonly args?: readonly unknown[];
}

/**
 * An error with a cause that the user can mend. `code` is stable and machine-readable (kebab-case), `message` is one
 * sentence or two in plain words that says what happened and what to do next.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  constructor(
    readonly code: string,
    message: string,
    readonly action?: UserAction,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The user stopped it: silent everywhere. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  constructor() {
    super('Cancelled.');
  }
}

/** The user stopped work on a board; `boardState` is a sentence about how that leaves it. */
export class FlashCancelled extends CancelledError {
  constructor(
    readonly boardState: string,
    /** Its flash may not be what it was. */
    readonly touched: boolean,
  ) {
    super();
  }
}

/** Work on a board failed for `reason` after its flash was touched; the message ends with how that leaves the board. */
export class FlashInterrupted extends UserError {
  constructor(
    readonly reason: UserError,
    boardState: string,
  ) {
    super(reason.code, `${reason.message} ${boardState}`, reason.action, { cause: reason });
  }
}

/** For the end of a switch over a union: the compiler proves that it is never reached. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
