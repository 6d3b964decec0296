/** A process's place among those that a launcher started. */
export interface Ranks {
  /** Number of this process among all, from 0. */
  rank: number;
  /** Number of processes. */
  size: number;
  /** Number of this process among those of its machine, from 0. */
  localRank: number;
  /** Number of processes on its machine, where the launcher says so. */
  localSize?: number;
  /** Where the processes meet: rank 0 serves a store there. */
  master: { host: string; port: number };
  /** How often the launcher has started all processes again. */
  restart: number;
  /** Who started the process, and which variables say so, in words. */
  launcher: string;
}

/** The environment of a process, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;
