import type { Rollout } from "./rollout.ts";

/**
 * [C] the log-probabilities recorded when the rollout was sampled, in nats.
 *
 * @throws {RangeError} If there is not one for each token.
 */
export function samplingLogps({ logps, completionIds }: Rollout): Float32Array {
  if (logps?.length !== completionIds.length)
    throw new RangeError(
      `samplingLogps: a rollout has ${logps?.length ?? 0} log-probabilities for ${completionIds.length} tokens; the clipped loss and the order contrast need one of each: let Policy.generate return logps`,
    );
  return logps;
}
