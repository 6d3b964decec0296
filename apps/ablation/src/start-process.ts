import { fork } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import type { Run } from "./plan-runs.ts";

export type Ending = "done" | "failed" | "stopped";

/**
 * Makes a run in a process of its own, whose output goes to `<folder>/log.txt`.
 *
 * The terminal's Ctrl-C does not reach that process. It stops, with a checkpoint, when this process disconnects: on the
 * signal, or because it died.
 */
export function startProcess(run: Run, signal: AbortSignal): Promise<Ending> {
  mkdirSync(run.folder, { recursive: true });
  const log = openSync(join(run.folder, "log.txt"), "a");
  const child = fork(new URL("./run-process.ts", import.meta.url), {
    detached: true,
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  const disconnect = () => {
    if (child.connected) child.disconnect();
  };
  signal.addEventListener("abort", disconnect, { once: true });
  child.send(run);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      signal.removeEventListener("abort", disconnect);
      resolve(code === 0 ? "done" : signal.aborted ? "stopped" : "failed");
    });
  });
}
