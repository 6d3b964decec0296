import { openProcessGroup, type ProcessGroup } from "@videor1/engine";
import type { Ranks } from "@videor1/launch";

interface JoinOptions {
  timeoutSeconds: number;
  /** Whether it is the first group of this process: that of rank 0 serves the store. */
  isFirst: boolean;
}

/** Joins one of the groups of a run's processes, by its name. Each attempt of the launcher has groups of its own. */
export const joinGroup = (
  ranks: Ranks,
  name: string,
  { timeoutSeconds, isFirst }: JoinOptions,
): Promise<ProcessGroup> =>
  openProcessGroup({
    store: {
      kind: "tcp",
      ...ranks.master,
      isServer: isFirst && ranks.rank === 0,
    },
    prefix: `videor1/${ranks.restart}/${name}`,
    rank: ranks.rank,
    size: ranks.size,
    timeoutSeconds,
  });
