import type { ImportanceSamplingOptions, LossOptions } from "@videor1/tgrpo";

interface Sampled {
  rollout: { server?: object | undefined };
  loss: LossOptions;
}

/** The importance weights of a run: as the config says, else TRL's where servers sample, and none where the policy itself does. */
export function importanceSamplingOf({ rollout, loss }: Sampled): ImportanceSamplingOptions {
  const { mode = rollout.server ? "sequence_mask" : "none", ...bounds } = loss.importanceSampling;
  return { mode, ...bounds };
}
