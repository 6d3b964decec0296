import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "@videor1/cli";
import { readRanks } from "@videor1/launch";

/** One of several processes that share the questions of an evaluation, counted from 0. */
export interface Shard {
  index: number;
  count: number;
}

/**
 * The part that a process asks: `"1/4"`, or `"auto"` from the ranks that a launcher gives.
 *
 * @throws {ConfigError} If there is no such part, or no launcher.
 * @throws {LaunchError} If its variables are broken.
 */
export function shardOf(text: string, env: Readonly<Record<string, string | undefined>> = process.env): Shard {
  const ranks = text === "auto" ? readRanks(env) : undefined;
  const [index, count] = ranks ? [ranks.rank, ranks.size] : text.split("/").map((part) => Number(part || Number.NaN));
  if (Number.isInteger(index) && Number.isInteger(count) && 0 <= index! && index! < count!)
    return { index: index!, count: count! };
  const message =
    text === "auto"
      ? "no launcher says which part this process is; start it with torchrun or srun, or give e.g. shard=0/2"
      : `there is no part ${index} of ${count}; the first is 0/${count}`;
  throw new ConfigError(
    "CONFIG_INVALID",
    "shard",
    [{ where: `shard=${text}`, key: "shard", message }],
    "Correct the setting.",
  );
}

/** The folder of a part's answers within the evaluation's. */
export const shardFolder = (folder: string, { index, count }: Shard): string =>
  join(folder, `shard-${index}-of-${count}`);

/**
 * The part's share: every `count`-th group of `size` neighbours, so that the questions that are computed together are those of a
 * run in one process, to the same rounding.
 */
export function shareOf<T>(list: readonly T[], size: number, { index, count }: Shard): T[] {
  return list.filter((_, i) => Math.floor(i / size) % count === index);
}

/** The parts whose folders there are. @throws {ShardError} If they are none, or not all of one division. */
export function shardsIn(folder: string): Shard[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const shards = names.flatMap((name) => {
    const found = /^shard-(\d+)-of-(\d+)$/.exec(name);
    return found ? [{ index: Number(found[1]), count: Number(found[2]) }] : [];
  });
  shards.sort((a, b) => a.count - b.count || a.index - b.index);
  if (shards.length === 0)
    throw new ShardError(folder, "it holds no part", "Ask the questions first: shard=0/2 and so on.");
  const counts = [...new Set(shards.map(({ count }) => count))];
  const hint = "Delete the folders of the division that you do not want.";
  if (counts.length > 1) throw new ShardError(folder, `it holds parts of divisions by ${counts.join(" and ")}`, hint);
  const missing = Array.from({ length: counts[0]! }, (_, i) => i).filter(
    (i) => !shards.some(({ index }) => index === i),
  );
  if (missing.length > 0)
    throw new ShardError(
      folder,
      `of ${counts[0]} parts, number ${missing.join(", ")} is missing`,
      "Run them, then merge again.",
    );
  return shards;
}

/** The parts of an evaluation do not make a whole. */
export class ShardError extends Error {
  override readonly name = "ShardError";
  readonly code = "SHARDS_INCOMPLETE";
  readonly folder: string;
  readonly hint: string;

  constructor(folder: string, reason: string, hint: string) {
    super(`The parts in ${folder} cannot be merged: ${reason}`);
    this.folder = folder;
    this.hint = hint;
  }
}
