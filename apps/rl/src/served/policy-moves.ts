import { ServedModelError } from "@videor1/served-model";
import type { ComparedServer } from "./compare-server.ts";
import type { LogpDifference } from "./logp-difference.ts";

type Answer = Pick<ComparedServer, "tokenIds" | "logps">;

/**
 * Whether a push has taken effect on a server: vLLM answers 200 to an adapter whose keys it does not know, and goes on as before.
 *
 * @param moved - How far the policy itself has moved on the tokens of the server's first answer.
 * @param first - The server's answer to the probe after the first push; `now` that after this one, with the same seed.
 * @param bounds - Within which server and policy agree, now as then.
 * @returns Whether that is certain, since the policy has moved by far more than the bounds.
 * @throws {ServedModelError} SERVER_SETUP, if the policy has moved and the server has not.
 */
export function checkMoved(
  server: string,
  moved: LogpDifference,
  [first, now]: readonly [first: Answer, now: Answer],
  bounds: LogpDifference,
): boolean {
  const isStill = isEqual(first.tokenIds, now.tokenIds) && isEqual(first.logps, now.logps);
  if (isStill && moved.mean > bounds.mean / 10)
    throw new ServedModelError("SERVER_SETUP", {
      server,
      problem: `pushes have no effect: the policy's log-probabilities have moved by up to ${moved.max.toPrecision(2)}, the server's not at all`,
      hint: "vLLM 0.32 reads the adapters and weights that this program writes: is it another version, or does a proxy answer from a cache?",
    });
  return moved.mean > 2 * bounds.mean && moved.max > 2 * bounds.max;
}

const isEqual = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);
