import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** A process of this repository's sources. */
export const startSource = (args: readonly string[], stdio: StdioOptions): ChildProcess =>
  spawn(process.execPath, ["--conditions=@videor1/source", "--import", "tsx", ...args], { cwd: root, stdio });

export interface Sample {
  seconds: number;
  /** MiB of the process alone. */
  memory: number;
  /** Lines in the files that were watched. */
  lines: number;
}

export interface WatchedRun {
  exitCode: number | null;
  samples: Sample[];
  seconds: number;
  /** Seconds of all the process's threads, and MiB; 0 elsewhere than on Linux. */
  processorSeconds: number;
  peakMemory: number;
}

/** Runs a command of this repository to its end, and looks every half second at its memory and at how long files have become. */
export async function watchedRun(args: readonly string[], files: readonly string[]): Promise<WatchedRun> {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  const child = startSource(args, ["ignore", "ignore", "inherit"]);
  const counters = files.map(lineCounter);
  const samples: Sample[] = [];
  let [peakMemory, processorSeconds] = [0, 0];
  const timer = setInterval(() => {
    const memory = memoryOf(child.pid!);
    peakMemory = Math.max(peakMemory, memory.peak);
    processorSeconds = Math.max(processorSeconds, processorSecondsOf(child.pid!));
    if (memory.now > 0)
      samples.push({
        seconds: seconds(),
        memory: memory.now,
        lines: counters.reduce((sum, count) => sum + count(), 0),
      });
  }, 500);
  const exitCode = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearInterval(timer);
  return { exitCode, samples, seconds: seconds(), processorSeconds, peakMemory };
}

/** Resident MiB of a process, as Linux tells it. */
function memoryOf(pid: number): { now: number; peak: number } {
  const path = `/proc/${pid}/status`;
  const status = existsSync(path) ? readFileSync(path, "utf8") : "";
  const of = (field: string) => Number(new RegExp(`^${field}:\\s*(\\d+) kB`, "m").exec(status)?.[1] ?? 0) / 1024;
  return { now: of("VmRSS"), peak: of("VmHWM") };
}

/** Linux counts them in hundredths. */
function processorSecondsOf(pid: number): number {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return 0;
  const fields = readFileSync(path, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Counts the lines that were appended to a file since, too. */
function lineCounter(path: string): () => number {
  const chunk = Buffer.alloc(2 ** 20);
  let [offset, lines] = [0, 0];
  return () => {
    if (!existsSync(path)) return 0;
    const file = openSync(path, "r");
    for (let read = 1; read > 0; offset += read) {
      read = readSync(file, chunk, 0, chunk.length, offset);
      for (let at = chunk.indexOf(10); at >= 0 && at < read; at = chunk.indexOf(10, at + 1)) lines += 1;
    }
    closeSync(file);
    return lines;
  };
}
