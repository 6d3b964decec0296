import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..", "..");

export interface VerbRun {
  child: ChildProcess;
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

/** Starts `videor1-data` with these arguments, from source. */
export function startVerb(args: readonly string[], env: Readonly<Record<string, string>> = {}): VerbRun {
  const command = ["--conditions=@videor1/source", "--import", "tsx", "apps/data-tools/src/cli.ts", ...args];
  const child = spawn(process.execPath, command, { cwd: root, env: { ...process.env, NO_COLOR: "1", ...env } });
  const result = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => {
      result[name] += text;
    });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ ...result, code }));
  });
  return { child, ended };
}
