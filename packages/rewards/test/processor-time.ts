/** Processor milliseconds of this process while `run` runs. A process beside it adds little to them. */
export function processorMilliseconds(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** A shorter time cannot be told from the runtime's own work. */
const leastMilliseconds = 5;
const rounds = 10;

/**
 * Processor time of `run` / that of `other`; 0 if `run` is too short for a comparison. Each is the least of up to ten
 * rounds, in turn, since other load can only slow a round; the rounds end once the ratio is within `enough`.
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
