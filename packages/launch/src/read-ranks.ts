/** A process's place among those that a launcher started. */
export interface Ranks {
  /** Number of this process among all, from 0. */
  rank: number;
  /** Number of processes. */
  size: number;
  /** Number of this process among those of its machine, from 0. */
  localRank: number;
  /** Where the processes meet. */
  master: { host: string; port: number };
  /** Whether the launcher itself serves the store at `master`; else rank 0 does. */
  isStoreServed: boolean;
  /** How often the launcher has started all processes again. */
  restart: number;
  /** Who started the process, and which variables say so, in words. */
  launcher: string;
}

/**
 * The ranks that torchrun's variables give; undefined: this process is alone.
 *
 * @see pytorch.org/docs/stable/elastic/run.html, environment variables
 */
export function readRanks(env: Readonly<Record<string, string | undefined>>): Ranks | undefined {
  const { RANK, WORLD_SIZE, LOCAL_RANK = "0", MASTER_ADDR, MASTER_PORT } = env;
  if (RANK === undefined || WORLD_SIZE === undefined || MASTER_ADDR === undefined || MASTER_PORT === undefined)
    return undefined;
  return {
    rank: Number(RANK),
    size: Number(WORLD_SIZE),
    localRank: Number(LOCAL_RANK),
    master: { host: MASTER_ADDR, port: Number(MASTER_PORT) },
    isStoreServed: env.TORCHELASTIC_USE_AGENT_STORE === "True",
    restart: Number(env.TORCHELASTIC_RESTART_COUNT ?? 0),
    launcher: "torchrun (RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR, MASTER_PORT)",
  };
}
