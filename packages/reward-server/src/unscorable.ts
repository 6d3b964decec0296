import type { WrittenScore } from "./dialects/dialect.ts";
import { RequestError } from "./request-error.ts";
import type { Score } from "./score-item.ts";

/**
 * Refuses a request that holds an item that cannot be scored.
 *
 * @throws {RequestError} 422 with the item's path and the reason.
 */
export function refuseUnscorable(results: readonly Score[], pathOf: (index: number) => string): void {
  const index = results.findIndex(isFailed);
  if (index < 0) return;
  const [path, failed] = [pathOf(index), results.filter(isFailed).length];
  const hint =
    "Mend the record, or ask for the others: onUnscorable fail (reward 0, counted as failed) or null, by the request or --on-unscorable.";
  throw new RequestError(422, "unscorable", `${path} cannot be scored: ${results[index]!.note}`, hint, {
    path,
    failed,
  });
}

/** A score whose reward and accuracy are null if the item could not be scored. */
export function withNulls(score: Score): WrittenScore {
  return isFailed(score) ? { ...score, reward: null, accuracy: null } : score;
}

/** Times that an unscorable item is told of in a server's life. */
const mostTold = 20;

/** Tells a log why items could not be scored, so often and no more. */
export function unscorableTeller(log: (line: string) => void): (results: readonly Score[]) => void {
  let told = 0;
  return (results) => {
    for (const { rule, note } of results) {
      if (told === mostTold) return;
      if (rule !== null) continue;
      const last =
        ++told === mostTold ? "; further ones are in videor1_rewards_items_failed_total of /metrics alone" : "";
      log(`not scored: ${note}${last}`);
    }
  };
}

function isFailed({ rule }: Score): boolean {
  return rule === null;
}
