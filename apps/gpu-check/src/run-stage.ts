import { execFile, spawn } from "node:child_process";
import { createWriteStream, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { recordOf, type StageRecord } from "./records.ts";

export interface Stage {
  name: string;
  command: readonly [string, ...string[]];
  env?: Record<string, string>;
  limitSeconds: number;
  /** Kills it: what it works for is lost. */
  signal?: AbortSignal;
}

export interface StageResult {
  name: string;
  status: "ok" | "failed" | "timed out" | "stopped" | "not run";
  seconds: number;
  records: StageRecord[];
  /** Largest resident memory of the process itself, in MiB. */
  peakMemoryMiB: number;
  /** Largest memory in use on the GPU while the stage ran, by nvidia-smi, in MiB; absent without one. */
  peakGpuMemoryMiB?: number;
  /** The last lines of its log if it did not end well. */
  tail?: string[];
}

const pollMilliseconds = 250;

/** Runs a stage in its own process group, which is killed when the time is up. Never throws, never waits longer. */
export function runStage({ name, command, env, limitSeconds, signal }: Stage, logFile: string): Promise<StageResult> {
  const started = performance.now();
  const [program, ...args] = command;
  const child = spawn(program, args, {
    detached: true,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = createWriteStream(logFile);
  const records: StageRecord[] = [];
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      log.write(`${line}\n`);
      const record = recordOf(line);
      if (record) records.push(record);
      else lines.push(line);
    });
  }
  let timedOut = false;
  const kill = () => {
    try {
      process.kill(-child.pid!, "SIGKILL");
    } catch {} // it has ended
  };
  const timer = setTimeout(() => {
    timedOut = true;
    kill();
  }, limitSeconds * 1000);
  signal?.addEventListener("abort", kill);
  if (signal?.aborted) kill();

  const peak = { process: 0, gpu: Number.NaN };
  const poll = setInterval(() => {
    peak.process = Math.max(peak.process, residentPeakMiB(child.pid));
    execFile("nvidia-smi", ["--query-gpu=memory.used", "--format=csv,noheader,nounits", "-i", "0"], (error, stdout) => {
      if (!error) peak.gpu = Math.max(Number.isNaN(peak.gpu) ? 0 : peak.gpu, Number(stdout));
    });
  }, pollMilliseconds);

  return new Promise((resolve) => {
    const end = (failure?: string) => {
      clearTimeout(timer);
      clearInterval(poll);
      signal?.removeEventListener("abort", kill);
      kill(); // processes that it may have left
      const status = timedOut ? "timed out" : failure === undefined ? "ok" : signal?.aborted ? "stopped" : "failed";
      const result = {
        name,
        status,
        seconds: (performance.now() - started) / 1000,
        records,
        peakMemoryMiB: Math.round(peak.process),
        ...(Number.isNaN(peak.gpu) ? {} : { peakGpuMemoryMiB: peak.gpu }),
        ...(status === "ok" ? {} : { tail: [...lines.slice(-20), ...(failure ? [failure] : [])] }),
      } as const;
      log.end(() => resolve(result)); // once the log is on disk
    };
    child.on("error", (error) => end(`${program} does not start: ${error.message}`));
    child.on("close", (code, signal) => end(code === 0 ? undefined : `ended with ${signal ?? `exit code ${code}`}`));
  });
}

/** VmHWM of a process, in MiB; 0 once it is gone. */
function residentPeakMiB(pid: number | undefined): number {
  try {
    const kibibytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(kibibytes ?? 0) / 1024;
  } catch {
    return 0;
  }
}
