export { groupAdvantages } from "./advantages.ts";
export { scaleByBatch } from "./batch-scale.ts";
export type { Completions } from "./completion-mask.ts";
export { contrastReward } from "./contrast-reward.ts";
export { isCorrect } from "./correct.ts";
export type { GivenScores } from "./given-scores.ts";
export { importanceWeights, type SamplingInputs } from "./importance-weights.ts";
export { lengthReward } from "./length-reward.ts";
export { type GrpoLossOptions, grpoLoss, type LossInputs, perTokenKl } from "./loss.ts";
export { isWeighted } from "./loss-rows.ts";
export { groupMetrics, type MetricName, type Metrics, metricDescriptions } from "./metrics.ts";
export { type ComparedLogps, type Mismatch, measureMismatch, mismatchMetrics } from "./mismatch.ts";
export { numShuffled } from "./num-shuffled.ts";
export {
  ContrastOptions,
  type CorrectOptions,
  GroupBonusOptions,
  ImportanceSamplingOptions,
  LossOptions,
  type RewardWeights,
  SamplingOptions,
  ScoreOptions,
  TemporalOptions,
} from "./options.ts";
export { orderContrast } from "./order-contrast.ts";
export type { Policy, TokenLogprobs } from "./policy.ts";
export {
  type BatchSize,
  batchSize,
  type PolicyGradientsArgs,
  policyGradients,
  type TrainedGroup,
} from "./policy-gradients.ts";
export {
  contrastDefaults,
  type Preset,
  type PresetName,
  PresetScoreOptions,
  presets,
  TgrpoOptions,
} from "./presets.ts";
export type { Prompt } from "./prompt.ts";
export { withOldLogps, withReferenceLogps } from "./reference-logps.ts";
export {
  type Completion,
  type FailedRollout,
  type Rollout,
  type RolloutGroup,
  type SampledGroup,
  type SampledRollout,
  type Scorable,
  type ScoredGroup,
  type ScoredRollout,
  type Scores,
  samplingLogps,
  shuffledOf,
  type UnscoredGroup,
  type WeighedGroup,
} from "./rollout.ts";
export { isWeighed, type SampleAndScoreArgs, sampleAndScore } from "./sample-and-score.ts";
export { sampleGroups } from "./sample-groups.ts";
export type { OnSamples, SampleRequest, Sampler, Samples } from "./sampler.ts";
export { type GroupScore, hasSignal, scoreGroup } from "./score-group.ts";
export { type ScoreOutcome, type Scorer, scoreRollouts } from "./scorer.ts";
export { type TemporalScore, temporalReward } from "./temporal-reward.ts";
export { type Continued, tokenLogps } from "./token-logps.ts";
export { weighGroup } from "./weigh-group.ts";
