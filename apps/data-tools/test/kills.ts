import { readdirSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { RandomStream } from "@videor1/random";
import { startVerb } from "./start-verb.ts";

export interface KillsOptions {
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Where the command's files appear. */
  output: string;
  kills: number;
  /** Files that all of them are, once all is done. */
  files: number;
  random: RandomStream;
}

/**
 * Starts a command, kills it as soon as a random number of files more is there, and again; then lets it end.
 *
 * @returns How often it was killed before its end, and its last words.
 */
export async function withKills({ args, env, output, kills, files, random }: KillsOptions) {
  let killed = 0;
  for (let tries = 0; killed < kills && tries < 10 * kills; tries += 1) {
    const run = startVerb(args, env);
    const limit = countFiles(output) + 1 + random.int(Math.max(1, Math.floor(files / (kills + 1))));
    while (run.child.exitCode === null && countFiles(output) < limit) await sleep(1 + random.int(4));
    run.child.kill("SIGKILL");
    if ((await run.ended).code === null) killed += 1;
    else rmSync(output, { recursive: true, force: true }); // it was faster: once more
  }
  return { killed, last: await startVerb(args, env).ended };
}

function countFiles(folder: string): number {
  try {
    return readdirSync(folder, { recursive: true }).length;
  } catch {
    return 0; // not there yet, or a folder that goes while it is read
  }
}
