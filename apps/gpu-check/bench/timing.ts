export interface Timing {
  /** Least wall time, s. */
  seconds: number;
  /** Least CPU time of the process, s: what counts on a machine that others use too. */
  cpuSeconds: number;
}

/** The least of `repetitions` runs after one to warm up. */
export async function timed(run: () => unknown, repetitions: number): Promise<Timing> {
  await run();
  const best: Timing = { seconds: Number.POSITIVE_INFINITY, cpuSeconds: Number.POSITIVE_INFINITY };
  for (let i = 0; i < repetitions; i++) {
    const [start, cpuStart] = [performance.now(), process.cpuUsage()];
    await run();
    const { user, system } = process.cpuUsage(cpuStart);
    best.seconds = Math.min(best.seconds, (performance.now() - start) / 1e3);
    best.cpuSeconds = Math.min(best.cpuSeconds, (user + system) / 1e6);
  }
  return best;
}
