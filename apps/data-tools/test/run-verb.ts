import { existsSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { vi } from "vitest";
import { startVerb } from "./start-verb.ts";

export const runCli = (...args: string[]) => startVerb(args).ended;

/** Starts the command line, and kills it with SIGKILL once `path` has at least `bytes`. @returns False if it ended before. */
export async function killOnceWritten(args: readonly string[], path: string, bytes: number): Promise<boolean> {
  const { child, ended } = startVerb(args);
  while (child.exitCode === null && !(existsSync(path) && statSync(path).size >= bytes)) await sleep(1);
  child.kill("SIGKILL");
  return (await ended).code === null;
}

/** Starts the command line, and kills it with SIGKILL after so many milliseconds. @returns False if it ended before. */
export async function killAfter(args: readonly string[], milliseconds: number): Promise<boolean> {
  const { child, ended } = startVerb(args);
  await Promise.race([ended, sleep(milliseconds)]);
  child.kill("SIGKILL");
  return (await ended).code === null;
}

/** Runs a verb in this process with `--json`. */
export async function runVerb(verb: (argv: readonly string[]) => Promise<void>, ...argv: string[]) {
  const lines: string[] = [];
  const errors: string[] = [];
  const spies = [
    vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line)),
    vi.spyOn(console, "error").mockImplementation((line: string) => void errors.push(line)),
    vi.spyOn(process.stderr, "write").mockImplementation(() => true),
  ];
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    await verb([...argv, "--json"]);
    const code = Number(process.exitCode ?? 0);
    const result = (lines.length > 0 ? JSON.parse(lines.join("\n")) : undefined) as Record<string, unknown> | undefined;
    return { code, result, errors: errors.join("\n") };
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
  }
}
