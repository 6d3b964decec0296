import type { Run } from "./plan-runs.ts";

/** "skipped": a run that it needs did not end well. */
export type Outcome = "done" | "failed" | "stopped" | "skipped";

/**
 * Makes runs in order, `jobs` at a time, each once those that it needs are done. A failed run skips those that need it, no
 * others.
 *
 * @param make - Makes a run; not called once the signal is aborted.
 * @param onEnd - Called after every run.
 */
export async function runAll(
  runs: readonly Run[],
  jobs: number,
  signal: AbortSignal,
  make: (run: Run) => Promise<Outcome>,
  onEnd: (run: Run, outcome: Outcome) => void,
): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const waiting = new Set(runs);
  const running = new Map<string, Promise<void>>();
  const end = (run: Run, outcome: Outcome) => {
    outcomes.set(run.name, outcome);
    onEnd(run, outcome);
  };

  async function work(run: Run): Promise<void> {
    const outcome = await make(run);
    running.delete(run.name);
    end(run, outcome);
  }

  function startReady(): void {
    for (const run of waiting) {
      const needed = run.needs.map((name) => outcomes.get(name));
      if (signal.aborted) end(run, "stopped");
      else if (needed.some((outcome) => outcome !== undefined && outcome !== "done")) end(run, "skipped");
      else if (running.size < jobs && needed.every((outcome) => outcome === "done")) running.set(run.name, work(run));
      else continue;
      waiting.delete(run);
    }
  }

  startReady();
  while (running.size > 0) {
    await Promise.race(running.values());
    startReady();
  }
  return outcomes;
}
