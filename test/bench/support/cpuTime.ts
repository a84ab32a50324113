// Processor time, so that what else the machine does counts less.

/** Microseconds of this process that `work` takes. */
export function cpuTime(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return user + system;
}
