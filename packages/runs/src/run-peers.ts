import { existsSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type RunSettings, runSettings } from "./run-settings.ts";
import { settingChanges } from "./setting-changes.ts";

/** The processes that make a run together. Rank 0 alone writes its folder; all make the same calls of their `Run`. */
export interface RunPeers {
  readonly rank: number;
  readonly size: number;
  /** Number among the processes of its machine; default 0. */
  readonly localRank?: number;
  /** Every process's value, in order of rank. All call it equally often. */
  gather<T>(channel: "run", value: T | Promise<T>): Promise<T[]>;
}

export const noPeers: RunPeers = { rank: 0, size: 1, gather: async (_, value) => [await value] };

export type RunPeersErrorCode =
  | "RANK_FAILED" // another process could not do its part
  | "RANKS_SETTINGS_DIFFER" // the processes were started with different settings
  | "RANKS_INPUTS_DIFFER" // a process reads another model, other records or another reward function
  | "RANKS_FOLDER_DIFFERS" // a process does not see the folder that rank 0 writes
  | "RANKS_DISAGREE"; // the processes are at different places of the run

/** What the processes of a run found out together, or what one of them told the others. */
export class RunPeersError extends Error {
  override readonly name = "RunPeersError";
  readonly code: RunPeersErrorCode;
  /** The process that the error is of; undefined: of all. */
  readonly rank: number | undefined;
  readonly hint: string | undefined;

  constructor(code: RunPeersErrorCode, message: string, { rank, hint }: { rank?: number; hint?: string | undefined }) {
    super(message);
    this.code = code;
    this.rank = rank;
    this.hint = hint;
  }
}

/** What rank 0 makes of `make`, or its error, on all. */
export async function byRank0<T>(peers: RunPeers, make: () => T | Promise<T>): Promise<T> {
  if (peers.size === 1) return await make();
  let thrown: unknown;
  const own = async () => {
    try {
      return { value: await make() };
    } catch (error) {
      thrown = error;
      return { error: (error as Error).message };
    }
  };
  const [first] = await peers.gather("run", peers.rank === 0 ? own() : null);
  if ("value" in first!) return first.value as T;
  if (peers.rank === 0) throw thrown;
  throw new RunPeersError("RANK_FAILED", first!.error!, { rank: 0 });
}

/**
 * Compares what the processes were told and what they read. Of the processes of a machine the first one reads for all.
 *
 * @param inputs - Files and folders that the results depend on.
 * @throws {RunPeersError} On all, if a process's config or the content of its inputs is not that of rank 0.
 */
export async function checkSameSettings(peers: RunPeers, config: object, inputs: readonly string[]): Promise<void> {
  if (peers.size === 1) return;
  const reads = peers.rank === 0 || (peers.localRank ?? 0) === 0;
  const own = await runSettings(config, reads ? inputs : []);
  const [first, ...others] = (await peers.gather("run", own)) as [RunSettings, ...RunSettings[]];
  for (const [i, other] of others.entries()) {
    const changes = settingChanges({ config: other.config, inputs: {} }, { config: first.config, inputs: {} }, []);
    if (changes.length > 0) {
      const message = `Rank ${i + 1} was started with other settings than rank 0: ${changes.map(({ what }) => what).join(", ")}`;
      throw new RunPeersError("RANKS_SETTINGS_DIFFER", message, { hint: "Start all processes with the same command." });
    }
    const differing = Object.keys(other.inputs).filter((path) => other.inputs[path] !== first.inputs[path]);
    if (differing.length === 0) continue;
    const message = `Rank ${i + 1} reads another ${differing.join(", ")} than rank 0`;
    const hint = "Copy it again, or keep it on a file system that all machines share.";
    throw new RunPeersError("RANKS_INPUTS_DIFFER", message, { rank: i + 1, hint });
  }
}

/** A file system over a network may show a new file late. */
const longestSeconds = 20;

/** @throws {RunPeersError} On all, if a process does not find the file that rank 0 has written. */
export async function checkSameFolder(peers: RunPeers, folder: string, name: string): Promise<void> {
  if (peers.size === 1) return;
  const path = join(folder, name);
  const [expected] = await peers.gather("run", peers.rank === 0 ? readFileSync(path, "utf8") : "");
  const sees = peers.rank === 0 || (await until(() => existsSync(path) && readFileSync(path, "utf8") === expected));
  const blind = (await peers.gather("run", sees ? null : hostname())).flatMap((host, rank) =>
    host === null ? [] : [{ host, rank }],
  );
  if (blind.length === 0) return;
  const who = blind.map(({ host, rank }) => `rank ${rank} on ${host}`).join(", ");
  throw new RunPeersError("RANKS_FOLDER_DIFFERS", `${folder}, which rank 0 writes, is not there for ${who}`, {
    hint: "Checkpoints are read and written by all ranks: choose an output folder on a file system that all machines share.",
  });
}

async function until(isTrue: () => boolean): Promise<boolean> {
  for (const end = Date.now() + 1000 * longestSeconds; !isTrue(); await sleep(100)) if (Date.now() >= end) return false;
  return true;
}

/** Where a process stands in its run. */
interface Place {
  step: number;
  counts: object;
}

/** @throws {RunPeersError} On all, if a process has made other steps, or counted other records, than rank 0. */
export function checkSamePlace(places: readonly Place[]): void {
  const [first, ...others] = places.map(({ step, counts }) => JSON.stringify({ step, ...counts }));
  const rank = 1 + others.findIndex((other) => other !== first);
  if (rank > 0)
    throw new RunPeersError("RANKS_DISAGREE", `Rank ${rank} stands at ${others[rank - 1]}, rank 0 at ${first}`, {
      hint: "Records and media must be the same on all machines: compare the files that data names.",
    });
}
