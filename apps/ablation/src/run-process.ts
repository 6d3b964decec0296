/** The process of one run: makes the stages that are not done; stops early when its parent disconnects. */
import { describeError } from "@videor1/cli";
import type { Run } from "./plan-runs.ts";
import { readRunRecord, writeRunRecord } from "./run-record.ts";
import { runStage } from "./stage.ts";

const abort = new AbortController();
process.once("disconnect", () => abort.abort(new DOMException("Stopped by the user.", "AbortError")));
process.once("message", async (run: Run) => {
  try {
    await makeRun(run);
  } catch (error) {
    if (!abort.signal.aborted) console.error(describeError(error));
    process.exitCode = abort.signal.aborted ? 130 : 1;
  } finally {
    if (process.connected) process.disconnect();
  }
});

async function makeRun(run: Run): Promise<void> {
  const { folder, stages } = run;
  const before = readRunRecord(run);
  let record = { ...before, sessions: before.sessions + 1 };
  writeRunRecord(folder, record);
  for (const stage of stages.slice(record.done)) {
    const began = process.cpuUsage();
    await runStage(stage, { signal: abort.signal, print: console.log });
    const { user, system } = process.cpuUsage(began);
    record = { ...record, done: record.done + 1, cpuSeconds: [...record.cpuSeconds, (user + system) / 1e6] };
    writeRunRecord(folder, record);
    abort.signal.throwIfAborted();
  }
}
