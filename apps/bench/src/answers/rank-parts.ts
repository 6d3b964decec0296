/** What the processes of an evaluation tell each other by files: that a part's questions have all been asked. */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ShardError, shardFolder } from "./shard.ts";

const answeredFile = "answered";

/** Says, in each evaluation's folder, whether a part's questions have all been asked. */
export function markPart(
  folders: readonly string[],
  part: { index: number; count: number },
  isAnswered: boolean,
): void {
  for (const folder of folders) {
    const own = shardFolder(folder, part);
    mkdirSync(own, { recursive: true });
    if (isAnswered) writeFileSync(join(own, answeredFile), "");
    else rmSync(join(own, answeredFile), { force: true });
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
 * @throws {ShardError} If a part gets no further, naming it.
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
