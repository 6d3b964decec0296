import { isWeighed, type ScoreOptions, scaleByBatch, type WeighedGroup } from "@videor1/tgrpo";
import type { SampledStep } from "./sample-step.ts";

/** The step with the advantages of `tgrpo.advantage.scale: batch`, over all groups that it sampled; else the step itself. */
export function scaleStep(step: SampledStep, tgrpo: Pick<ScoreOptions, "advantage" | "temporal">): SampledStep {
  if (tgrpo.advantage.scale !== "batch") return step;
  const scaled = new Map(scaleByBatch(step.weighed, tgrpo).map((group) => [group.promptId, group]));
  const scaledOf = (group: WeighedGroup): WeighedGroup => scaled.get(group.promptId)!;
  return {
    ...step,
    sampled: step.sampled.map((job) => (isWeighed(job.group) ? { ...job, group: scaledOf(job.group) } : job)),
    weighed: step.weighed.map(scaledOf),
    parts: step.parts.map((groups) => groups.map(scaledOf)),
    noSignal: step.noSignal.map(scaledOf),
  };
}
