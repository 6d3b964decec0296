import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export const root = join(import.meta.dirname, "..");

export interface CliResult {
  /** null if a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CliRun {
  child: ChildProcess;
  ended: Promise<CliResult>;
}

const entries = {
  sft: "apps/sft/src/cli.ts",
  merge: "apps/sft/src/merge/cli.ts",
  rl: "apps/rl/src/cli.ts",
  replay: "apps/rl/src/replay/cli.ts",
  bench: "apps/bench/src/cli.ts",
  miniature: "apps/miniature/src/cli.ts",
  ablation: "apps/ablation/src/cli.ts",
  report: "apps/rl/src/report-cli.ts",
  example: "scripts/example.mjs",
};

/** Starts an app's command line, like `npm run <app> -- …`. */
export function startCli(app: keyof typeof entries, args: readonly string[]): CliRun {
  const command = ["--conditions=@videor1/source", "--import", "tsx", entries[app], ...args];
  const child = spawn(process.execPath, command, { cwd: root, env: { ...process.env, NO_COLOR: "1" } });
  const result: CliResult = { code: null, stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => {
      result[name] += text;
    });
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ ...result, code }));
  });
  return { child, ended };
}

export const runCli = (...args: Parameters<typeof startCli>): Promise<CliResult> => startCli(...args).ended;

/** Sends a signal as soon as `isTime`, and waits for the end. */
export async function signalWhen(
  run: CliRun,
  signal: "SIGINT" | "SIGKILL" | "SIGHUP",
  isTime: () => boolean,
): Promise<CliResult> {
  while (run.child.exitCode === null && !isTime()) await sleep(5);
  run.child.kill(signal);
  return run.ended;
}
