import { alone, joinPeers, type Peers, type Ranks } from "@videor1/launch";
import { joinGroup } from "./join-group.ts";
import type { EngineOptions } from "./options.ts";
import { rankPool } from "./rank-pool.ts";
import { RanksError } from "./ranks-error.ts";
import type { Calls } from "./worker-messages.ts";
import { type WorkerPool, workerPool } from "./worker-pool.ts";

/** Joins the main threads of a run's processes. Called before libtorch is loaded. */
export async function joinRanks(
  ranks: Ranks,
  { timeoutSeconds }: Pick<EngineOptions, "timeoutSeconds">,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Peers> {
  // torchrun sets it where nobody has, and libtorch and BLAS would read it: `engine.threads` decides here
  if (env.TORCHELASTIC_RUN_ID !== undefined && env.OMP_NUM_THREADS === "1") delete env.OMP_NUM_THREADS;
  const { rank, size, master } = ranks;
  const waiting = setTimeout(() => {
    const where = `${master.host}:${master.port}`;
    console.error(`Rank ${rank} waits for the other ranks of ${size} at ${where}, up to ${timeoutSeconds} s.`);
  }, quietMs);
  try {
    return await joinPeers(ranks, (name) => joinGroup(ranks, name, { timeoutSeconds, isFirst: name === "beat" }));
  } finally {
    clearTimeout(waiting);
  }
}

/** How long the processes of a run may take to find each other before they say that they wait. */
const quietMs = 10_000;

export interface WorkersOptions {
  engine: EngineOptions;
  /** Parts of a batch: the most workers that have something to do. */
  parts: number;
  peers?: Peers | undefined;
}

/**
 * The workers of a training run, one for each part of a batch at most: threads of this process, or one in each process of a run
 * that a launcher started.
 *
 * @throws {RanksError} If the config does not go with several processes.
 */
export function openWorkers<C extends Calls<C>>(
  entry: URL,
  data: object,
  { engine, parts, peers = alone }: WorkersOptions,
): WorkerPool<C> {
  const { ranks, size, sharers } = peers;
  if (ranks === undefined) return workerPool<C>(entry, Math.min(engine.workers, parts), data);
  if (engine.workers > 1) throw workersAndRanks(engine.workers, size);
  if (engine.backend !== "torch" && engine.backend !== "auto") throw backendOfRanks(engine.backend, size);
  if (parts < size) throw fewParts(parts, size);
  return rankPool(workerPool<C>(entry, 1, data, { members: [{ ranks, sharers }] }), peers);
}

const workersAndRanks = (workers: number, size: number) =>
  new RanksError(
    `engine.workers=${workers}, and a launcher has started ${size} processes`,
    "Set engine.workers=1: each process has one worker.",
  );

const backendOfRanks = (backend: string, size: number) =>
  new RanksError(
    `engine.backend=${backend} computes in one process, and a launcher has started ${size}`,
    "Set engine.backend=torch; or start one process, with engine.workers.",
  );

const fewParts = (parts: number, size: number) =>
  new RanksError(
    `gradientAccumulationSteps=${parts} leaves ${size - parts} of the ${size} processes without a part of the batch`,
    `Set gradientAccumulationSteps=${size} or a multiple of it; the results depend on it, and not on the number of processes.`,
  );
