import { spawnSync } from "node:child_process";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..");

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs an app's command line as `npm run <app> -- …` does. */
export function runCli(app: "sft" | "rl" | "bench" | "miniature", args: readonly string[]): CliResult {
  const command = ["--conditions=@videor1/source", "--import", "tsx", `apps/${app}/src/cli.ts`, ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
    timeout: 600_000,
  });
  return { code: status, stdout, stderr };
}
