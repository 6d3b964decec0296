export { groupAdvantages } from "./advantages.ts";
export { type Completions, completionLength, completionMask, stackCompletions } from "./completion-mask.ts";
export { contrastReward } from "./contrast-reward.ts";
export { isCorrect } from "./correct.ts";
export { lengthReward } from "./length-reward.ts";
export { grpoLoss, type LossInputs, type LossMetrics, perTokenKl } from "./loss.ts";
export { groupMetrics, type MetricName, type Metrics, metricDescriptions } from "./metrics.ts";
export {
  type AdvantageOptions,
  type ContrastOptions,
  type CorrectOptions,
  type GroupBonusOptions,
  type LengthOptions,
  type LossOptions,
  numShuffled,
  type SamplingOptions,
  type ScoreOptions,
  type TemporalOptions,
  type TgrpoOptions,
} from "./options.ts";
export { orderContrast } from "./order-contrast.ts";
export type { Policy } from "./policy.ts";
export {
  batchSize,
  type Gradients,
  type PolicyGradientsArgs,
  policyGradients,
  type ScoredGroup,
  type ValueAndGrads,
} from "./policy-gradients.ts";
export { contrastDefaults, type Preset, type PresetName, presets } from "./presets.ts";
export type { Rollout, RolloutGroup } from "./rollout.ts";
export { type Prompt, type Score, sampleGroups } from "./sample-groups.ts";
export { samplingLogps } from "./sampling-logps.ts";
export { type GroupScore, hasSignal, scoreGroup } from "./score-group.ts";
export { type TgrpoStep, type TgrpoStepArgs, tgrpoStep } from "./step.ts";
export { type TemporalScore, temporalReward } from "./temporal-reward.ts";
