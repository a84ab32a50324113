// A progress notification for work that takes long enough to wonder about. VS Code keeps a progress notification for
// 800 ms at least, and shows no toast for a fourth notification within 800 ms (SPAM_PROTECTION in its
// notificationsToasts.ts): work that is done at once must not take a place from the answer that follows it.
import * as vscode from 'vscode';

const SHOWN_AFTER_MS = 500;

export interface Task {
  /** Aborted when the person presses Cancel. */
  readonly signal: AbortSignal;
  report(message: string): void;
}

/** Runs `work`; it shows as "`title`: message" with a Cancel button once it has taken half a second. */
export async function withProgress<T>(title: string, work: (task: Task) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  let latest: string | undefined;
  let show: ((message: string) => void) | undefined;
  const running = work({
    signal: abort.signal,
    report: (message) => {
      latest = message;
      show?.(message);
    },
  });
  const timer = setTimeout(() => {
    void vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (progress, token) => {
        token.onCancellationRequested(() => abort.abort());
        show = (message) => progress.report({ message });
        if (latest !== undefined) show(latest);
        await running.catch(() => {}); // the caller gets the error
      },
    );
  }, SHOWN_AFTER_MS);
  try {
    return await running;
  } finally {
    clearTimeout(timer);
  }
}
