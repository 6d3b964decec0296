import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const cli = join(import.meta.dirname, "../src/cli.ts");

/** `videor1-rewards`, from source. */
export function startCli(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, ["--conditions=@videor1/source", "--import", "tsx", cli, ...args], {
    env: { ...process.env, ...env },
  });
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Waits for the end of a process; returns its output and exit code. */
export async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...texts };
}

export async function runCli(args: readonly string[], input = "", env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = startCli(args, env);
  child.stdin.on("error", () => {}).end(input);
  return ended(child);
}

/** A server in a process of its own, to be killed. */
export async function startServer(
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<{ child: ChildProcessWithoutNullStreams; url: string }> {
  const child = startCli(["serve", "--port", "0", ...args], env);
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { child, url: line.toString().match(/http:\/\/[^\s,]+/)![0] };
}
