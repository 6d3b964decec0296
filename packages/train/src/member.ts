import type { Ranks } from "@videor1/launch";
import type { ThreadMember } from "./thread-collective.ts";

/** The one worker of a process among those of a run. */
export interface RankMember {
  ranks: Ranks;
  /** Processes of the run that share this one's cores, this one included. */
  sharers: number;
}

/** A worker's place in its run: a thread among others, or the worker of one process among others. */
export type Member = ThreadMember | RankMember;
