import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { randomStream } from "@videor1/random";
import { firstDifference } from "./compare-runs.ts";

/** A run to verify cannot begin, or failed by itself. */
export class VerifyResumeError extends Error {
  override readonly name = "VerifyResumeError";
  readonly code: "VERIFY_FOLDER_EXISTS" | "VERIFY_RUN_FAILED";
  readonly folder: string;
  readonly hint: string;

  constructor(code: VerifyResumeError["code"], { folder, what, hint }: Record<"folder" | "what" | "hint", string>) {
    super(`${folder}: ${what}`);
    this.code = code;
    this.folder = folder;
    this.hint = hint;
  }
}

export interface VerifyResumeOptions {
  /** Starts or resumes the run in a folder; the process exits with 0 when the run is done. */
  start: (folder: string) => ChildProcess;
  /** The two runs go to `<outputDir>-whole` and `<outputDir>-killed`, which must not exist. */
  outputDir: string;
  kills: number;
  /** Seed of the times of the kills. */
  seed: number;
  print: (line: string) => void;
}

/**
 * Makes a run whole, makes it again under SIGKILLs, and compares the two folders byte for byte, but for clock times. A kill
 * comes at a random time after its process started, uniform over the shortest time of a whole run so far. A killed run that
 * ends is compared and begun anew, until `kills` were made.
 *
 * @returns Whether every killed run equals the whole one; the first difference is printed.
 * @throws {VerifyResumeError} If one of the folders is there already, or a run fails by itself.
 */
export async function verifyResume({ start, outputDir, kills, seed, print }: VerifyResumeOptions): Promise<boolean> {
  const [whole, killed] = [`${outputDir}-whole`, `${outputDir}-killed`];
  for (const folder of [whole, killed])
    if (existsSync(folder)) {
      const hint = "Delete it, or choose another output folder.";
      throw new VerifyResumeError("VERIFY_FOLDER_EXISTS", { folder, what: "is there already", hint });
    }
  const began = performance.now();
  await endOf(start(whole), whole);
  let wholeMs = performance.now() - began;
  print(`whole run: ${seconds(wholeMs)}, ${whole}`);

  const moments = randomStream(seed, "kills");
  for (let made = 0, round = 1; made < kills; round++) {
    rmSync(killed, { recursive: true, force: true });
    const [before, began] = [made, performance.now()];
    for (let isDone = false; !isDone; ) {
      const killMs = made < kills ? moments.next() * wholeMs : undefined;
      isDone = await endOf(start(killed), killed, killMs);
      if (!isDone) print(`kill ${++made} of ${kills}: run ${round}, ${seconds(killMs!)} after its start`);
    }
    if (made === before) wholeMs = Math.min(wholeMs, performance.now() - began); // the machine has become faster
    const difference = firstDifference(whole, killed);
    if (difference !== undefined) {
      print(`run ${round} ended otherwise after ${made - before} kills: ${difference}`);
      return false;
    }
    print(`run ${round} ended as the whole one after ${made - before} kills`);
  }
  print(`${kills} of ${kills} kills changed nothing (seed of the kills: ${seed})`);
  return true;
}

/**
 * Waits for a process, or kills it after a time.
 *
 * @returns Whether it ended by itself.
 * @throws {VerifyResumeError} If it failed.
 */
async function endOf(child: ChildProcess, folder: string, killMs?: number): Promise<boolean> {
  let isKilled = false;
  const kill = () => {
    isKilled = child.kill("SIGKILL");
  };
  const timer = killMs === undefined ? undefined : setTimeout(kill, killMs);
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  clearTimeout(timer);
  if (code === 0) return true;
  if (isKilled) return false;
  const hint = "Its own message is above; the command must end well before it can be verified.";
  throw new VerifyResumeError("VERIFY_RUN_FAILED", { folder, what: `the run ended with ${signal ?? code}`, hint });
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
