/** CPU time in ms of this process: on a shared machine wall time measures the neighbours. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}

/** Least CPU ms of one call of `run`, over rounds of at least 20 ms each. */
export function bestMs(run: () => void, rounds = 7): number {
  let calls = 1;
  for (let ms = 0; ms < 20; ) {
    const start = cpuMs();
    for (let i = 0; i < calls; i++) run();
    ms = cpuMs() - start;
    if (ms < 20) calls = Math.ceil(calls * Math.min(8, 25 / Math.max(ms, 0.5)));
  }
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = cpuMs();
    for (let i = 0; i < calls; i++) run();
    best = Math.min(best, (cpuMs() - start) / calls);
  }
  return best;
}
