import type { RlConfig } from "./config.ts";

/** Settings that are valid one by one, and together do something that is hardly wanted; one sentence each. */
export function configWarnings({ rollout, tgrpo, loss, optimizer, maxSteps }: RlConfig): string[] {
  const { topP, topK, maxCompletionLength } = rollout;
  const { length } = tgrpo;
  const warnings: string[] = [];
  if (optimizer.warmupSteps >= maxSteps)
    warnings.push(
      `optimizer.warmupSteps ${optimizer.warmupSteps} is not below the run's ${maxSteps} steps: the learning rate is never reached`,
    );
  if (length.enabled && length.min > length.max)
    warnings.push(`tgrpo.length: no length is from ${length.min} to ${length.max}: the bonus is never paid`);
  else if (length.enabled && length.min > maxCompletionLength)
    warnings.push(
      `tgrpo.length.min ${length.min} is above rollout.maxCompletionLength ${maxCompletionLength}: the bonus is never paid`,
    );
  if (loss.iterations === 1 && loss.delta !== undefined)
    warnings.push(`loss.delta ${loss.delta} does nothing with loss.iterations 1: every ratio is 1`);
  if (loss.iterations === 1 && loss.importanceSamplingLevel === "sequence")
    warnings.push("loss.importanceSamplingLevel sequence does nothing with loss.iterations 1: every ratio is 1");
  if (rollout.maxStaleness > 0 && loss.importanceSampling.mode === "none")
    warnings.push(
      `rollout.maxStaleness ${rollout.maxStaleness} without loss.importanceSampling: answers of an older policy count as the present one's`,
    );
  if (topP < originalTopP || topK > 0)
    warnings.push(
      `rollout.${topK > 0 ? `topK ${topK}` : `topP ${topP}`} cuts tokens that the loss knows nothing of: its gradient is biased`,
    );
  return warnings;
}

/** What the original samples with. Its cut biases the gradient too, by less. */
const originalTopP = 0.95;
