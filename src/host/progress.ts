// A progress notification for work that takes long enough to wonder about. VS Code keeps a progress notification for
// 800 ms at least, and shows no toast for a fourth notification within 800 ms (SPAM_PROTECTION in its
// notificationsToasts.ts): work that is done at once must not take a place from the answer that follows it.
import * as vscode from 'vscode';

const SHOWN_AFTER_MS = 500;

export interface Task {
  /** Aborted when the person presses Cancel. */
  readonly signal: AbortSignal;
  /** `done` is a share, 0 to 1: the bar shows it, and never goes back. Without it the bar only moves. */
  report(message: string, done?: number): void;
}

/** Runs `work`; it shows as "`title`: message" with a Cancel button once it has taken half a second. */
export async function withProgress<T>(title: string, work: (task: Task) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  let latest: Parameters<Task['report']> | undefined;
  let show: Task['report'] | undefined;
  const running = work({
    signal: abort.signal,
    report: (...report) => {
      latest = report;
      show?.(...report);
    },
  });
  const timer = setTimeout(() => {
    void vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (progress, token) => {
        token.onCancellationRequested(() => abort.abort());
        let percent = 0;
        show = (message, done = 0) => {
          const increment = Math.max(0, done * 100 - percent);
          percent += increment;
          progress.report({ message, increment });
        };
        if (latest) show(...latest);
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
