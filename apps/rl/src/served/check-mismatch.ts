import { ServedModelError } from "@videor1/served-model";
import type { Mismatch } from "@videor1/tgrpo";
import type { RlConfig } from "../config.ts";
import { differenceBounds } from "./logp-difference.ts";

/** Times the bound of the mean difference that answers of the present policy may be from it, over a whole step. */
const factor = 10;

/** The mean difference, in nats, above which a step whose answers are all of the present policy is not trained on. */
export const mostMismatch = (config: Pick<RlConfig, "dtype" | "rollout">): number =>
  factor * differenceBounds(config).mean;

/** @throws {ServedModelError} SERVER_SETUP, if the answers of a step cannot be those of the policy that is trained. */
export function checkMismatch(
  parts: readonly Pick<Mismatch, "tokens" | "differenceSum">[],
  most: number | undefined,
): void {
  if (most === undefined || parts.length === 0) return;
  const tokens = parts.reduce((sum, part) => sum + part.tokens, 0);
  const mean = parts.reduce((sum, part) => sum + part.differenceSum, 0) / tokens;
  if (mean <= most) return; // NaN is not
  throw new ServedModelError("SERVER_SETUP", {
    problem: `the answers of this step are not the policy's: their log-probabilities differ by ${mean.toPrecision(2)} nats in the mean, more than ${most.toPrecision(2)}; no update was made with them`,
    hint: "Was a server started again with another model, or has another program given it weights? The next start compares every server; rollout.server.check.meanDifference is a tenth of this bound.",
  });
}
