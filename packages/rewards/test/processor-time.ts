/** Processor milliseconds of this process while `run` runs. A process beside it adds little to them. */
export function processorMilliseconds(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** What is shorter cannot be told from the work that the runtime does beside it. */
const leastMilliseconds = 5;
const rounds = 10;

/**
 * How many times as long as `other` does `run` take? Processor time, of each the least of up to ten, in turn: what else the
 * machine does slows some, and speeds up none. No more are measured once the answer is within `enough`. 0 where `run` is too
 * short for a comparison.
 */
export function timesAsLong(run: () => void, other: () => void, enough: number): number {
  let [ours, theirs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < rounds; round++) {
    ours = Math.min(ours, processorMilliseconds(run));
    if (ours < leastMilliseconds) return 0;
    theirs = Math.min(theirs, processorMilliseconds(other));
    if (ours <= enough * theirs) break;
  }
  return ours / theirs;
}
