/** Wall and CPU time of one run, in seconds. CPU time is that of the whole process; wall time grows with other load. */
export interface Timing {
  /** The least wall time. */
  seconds: number;
  medianSeconds: number;
  /** The least CPU time. */
  cpuSeconds: number;
  medianCpuSeconds: number;
}

/** Times `repetitions` runs, after one to warm up. */
export async function timeRuns(run: () => unknown, repetitions: number): Promise<Timing> {
  await run();
  const wall: number[] = [];
  const cpu: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    const [wallStart, cpuStart] = [performance.now() / 1e3, processCpuSeconds()];
    await run();
    cpu.push(processCpuSeconds() - cpuStart);
    wall.push(performance.now() / 1e3 - wallStart);
  }
  return {
    seconds: Math.min(...wall),
    medianSeconds: median(wall),
    cpuSeconds: Math.min(...cpu),
    medianCpuSeconds: median(cpu),
  };
}

/** The least CPU seconds of one call of a short function, over rounds of as many calls as take 20 ms or more. */
export function timeCalls(call: () => void, rounds = 7): number {
  const secondsOf = (calls: number): number => {
    const start = processCpuSeconds();
    for (let i = 0; i < calls; i++) call();
    return processCpuSeconds() - start;
  };
  let calls = 1;
  for (let seconds = secondsOf(calls); seconds < 0.02; seconds = secondsOf(calls))
    calls = Math.ceil(calls * Math.min(8, 0.025 / Math.max(seconds, 0.0005)));
  return Math.min(...Array.from({ length: rounds }, () => secondsOf(calls) / calls));
}

/** CPU seconds that this process has taken, all threads. */
export function processCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
