/** What the processes of an evaluation tell each other by files: that a part's questions have all been asked. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ShardError, shardFolder } from "./shard.ts";

const answeredFile = "answered";
const failedFile = "failed";

/** Where a process is with its part: it has begun, all its questions have been asked, or it ends with an error. */
export type PartState = "begun" | "answered" | { failed: string };

/** Says, in each evaluation's folder, how far a part is. */
export function markPart(folders: readonly string[], part: { index: number; count: number }, state: PartState): void {
  for (const folder of folders) {
    const own = shardFolder(folder, part);
    mkdirSync(own, { recursive: true });
    for (const name of [answeredFile, failedFile]) rmSync(join(own, name), { force: true });
    if (state === "answered") writeFileSync(join(own, answeredFile), "");
    else if (state !== "begun") writeFileSync(join(own, failedFile), state.failed);
  }
}

interface WaitOptions {
  /** The longest time in which none of the parts that are waited for writes an answer. */
  timeoutSeconds: number;
  signal: AbortSignal;
  /** Milliseconds between two looks. */
  everyMs?: number;
}

/**
 * Waits until all parts are answered.
 *
 * @throws {ShardError} If a process ended with an error, or a part gets no further, naming it.
 */
export async function waitForParts(
  folders: readonly string[],
  count: number,
  { timeoutSeconds, signal, everyMs = 500 }: WaitOptions,
): Promise<void> {
  const isMissing = (index: number) =>
    folders.some((folder) => !existsSync(join(shardFolder(folder, { index, count }), answeredFile)));
  const bytesOf = (index: number) => folders.map((folder) => bytesIn(shardFolder(folder, { index, count })));
  let seen = "";
  for (let since = Date.now(); ; await sleep(everyMs, undefined, { signal })) {
    const missing = [...Array(count).keys()].filter(isMissing);
    if (missing.length === 0) return;
    for (const index of missing) {
      const path = join(shardFolder(folders[0]!, { index, count }), failedFile);
      if (!existsSync(path)) continue;
      const what = `rank ${index} of ${count} ended: ${readFileSync(path, "utf8")}`;
      throw new ShardError(folders[0]!, what, "Mend that; the same command goes on where each stopped.");
    }
    const now = JSON.stringify(missing.map(bytesOf));
    if (now !== seen) since = Date.now();
    seen = now;
    if (Date.now() - since > 1000 * timeoutSeconds)
      throw new ShardError(
        folders[0]!,
        `rank ${missing.join(", ")} of ${count} wrote no answer in ${timeoutSeconds} s`,
        "See its own output. The same command goes on where each stopped; engine.timeoutSeconds is how long rank 0 waits.",
      );
  }
}

/** Bytes of the files in a folder; 0 where it is not there yet. */
function bytesIn(folder: string): number {
  if (!existsSync(folder)) return 0;
  const sizes = readdirSync(folder).map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}
