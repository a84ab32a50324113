// The pane's view of its host.
import type { PaneRequest, PaneResults } from '../../src/protocol/explorerMessages';

export interface Host {
  /** Asks and gets the result; rejects with a RemoteError. */
  ask<R extends PaneRequest>(request: R): Promise<PaneResults[R['type']]>;
  /** The same, but a failure is shown as a notice and gives undefined. */
  askOrTell<R extends PaneRequest>(request: R): Promise<PaneResults[R['type']] | undefined>;
  /** Asks for something to be done; a failure is shown as a notice. True when it was done. */
  act(request: PaneRequest): Promise<boolean>;
}
