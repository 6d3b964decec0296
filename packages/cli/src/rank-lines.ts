/** What a process says of itself where a launcher started several. */
import { type Environment, LaunchError, type Ranks, readRanks } from "@videor1/launch";
import { describeError } from "./describe-error.ts";

/** The place of this process among several; undefined: it is alone. @throws {LaunchError} */
export function severalRanks(env: Environment): Ranks | undefined {
  const ranks = readRanks(env);
  return ranks && ranks.size > 1 ? ranks : undefined;
}

/** Number of this process among those that a launcher started; 0 where it is alone, or its variables are broken. */
export function rankOf(env: Environment): number {
  return ranksOrNone(env)?.rank ?? 0;
}

/** The error for a user, with the rank where there are several; an error of another rank in one line: that one tells it all. */
export function rankedError(error: unknown, env: Environment): string {
  const text = describeError(error);
  const own = ranksOrNone(env);
  if (own === undefined) return text;
  const { rank } = error as { rank?: number };
  if (rank === undefined || rank === own.rank) return `Rank ${own.rank}: ${text}`;
  return `Rank ${own.rank} ends because rank ${rank} failed: ${(error as Error).message.split("\n")[0]}`;
}

function ranksOrNone(env: Environment): Ranks | undefined {
  try {
    return severalRanks(env);
  } catch {
    return undefined;
  }
}

export const isOfRank0 = (name: string, { rank, size, launcher }: Ranks): string =>
  `${name} runs in one process, that of rank 0; this is rank ${rank} of ${size}, by ${launcher}. To run it here, unset these.`;

export const verifiesAlone = ({ size }: Ranks): LaunchError =>
  new LaunchError(
    "LAUNCH_IMPOSSIBLE",
    `--verify-resume starts and kills a process itself, and a launcher has started ${size}`,
    "Run it without the launcher: what it proves is the same for any number of processes.",
  );
