export { aggregateScores, type RunScores } from "./aggregate.ts";
export type { Benchmark, BenchmarkMetric, BenchmarkSource } from "./benchmark.ts";
export {
  type BenchmarkName,
  benchmarkNames,
  type PaperBenchmarkName,
  paperBenchmarkNames,
  publicBenchmarkNames,
} from "./benchmark-name.ts";
export { benchmarks } from "./benchmarks.ts";
export { deltaKnowledge } from "./delta-knowledge.ts";
export {
  BenchmarkCountError,
  BenchmarkFileError,
  type BenchmarkPlace,
  BenchmarkRecordError,
  BenchmarkTaskError,
  DuplicateProblemError,
  PredictionMismatchError,
  SubtitlesError,
} from "./errors.ts";
export type { CountDifference, ExpectedCounts, GroupCounts } from "./expected-counts.ts";
export {
  type BatchGradeOptions,
  type Grade,
  type GradedPrediction,
  type GradeOptions,
  type Grading,
  gradePrediction,
  gradePredictions,
} from "./grade.ts";
export {
  type GroupScore,
  groupScores,
  groupsOf,
  type Headline,
  headlineOf,
  headlineScore,
  type ScoredItem,
} from "./headline.ts";
export { clipOf, headlineInterval } from "./headline-interval.ts";
export { type AnswerType, type BenchmarkItem, exampleOf, letterAt, letteredOptions, letterOf } from "./item.ts";
export { itemsOf, type LineOf } from "./items-of.ts";
export {
  type GroundedOptions,
  type GroundedResponses,
  groundedMessages,
  groundedPrompt,
  groundedResponses,
  readGrounded,
} from "./judge/grounded-responses.ts";
export type { FindItem, Judge, JudgeMessage, JudgeQuestion, Verdict } from "./judge/judge.ts";
export { type JudgeCache, type JudgedOutput, openJudgeCache } from "./judge/judge-cache.ts";
export { judgeQuestion } from "./judge/judge-question.ts";
export { type Judged, type JudgeReadingsOptions, judgeReadings } from "./judge/judge-readings.ts";
export type { OfficialContents } from "./official-file.ts";
export { type MatchedOutputs, matchOutputs } from "./outputs/match-outputs.ts";
export type { OutputRow, RowPlace } from "./outputs/output-row.ts";
export { OutputsFileError } from "./outputs/outputs-error.ts";
export { readOutputs } from "./outputs/read-outputs.ts";
export type { Answer, BenchmarkExample, Prediction, Question } from "./prediction.ts";
export { openPredictions, type PredictionsFile } from "./predictions-file.ts";
export {
  type BenchmarkPrompt,
  type BenchmarkPrompts,
  type GenerationDefaults,
  type PromptContext,
  PromptError,
  type PromptName,
  promptNames,
  type RenderedPrompt,
} from "./prompts/prompt.ts";
export { PromptNameError, promptItem, promptOf, promptsOf, renderPrompt } from "./prompts/render.ts";
export type { Subtitle } from "./prompts/subtitles.ts";
export { type PublishedScore, publishedTemporalShares } from "./published.ts";
export {
  type ReadBenchmark,
  type ReadItemsOptions,
  type RecordSource,
  readBenchmark,
  readItems,
} from "./read-items.ts";
export { readSubtitles } from "./reading/read-subtitles.ts";
export { countReflections, type Response, type ResponseTraits, responseTraits } from "./response-traits.ts";
export {
  type Answerer,
  type Outcome,
  type PredictionStore,
  type RunOptions,
  type RunProgress,
  runBenchmark,
} from "./run.ts";
export { earned, type ItemResult, isDisputed, scoreItems } from "./score-items.ts";
export { type Disagreement, type ScoreMatrix, type ScorerColumn, scoreMatrix } from "./score-matrix.ts";
export { lmmsEval, lmmsEvalStripped } from "./scorers/lmms-eval/index.ts";
export { officialAnswerFirst } from "./scorers/official/answer-first.ts";
export { official } from "./scorers/official/official.ts";
export { createVideoMmmu, type QuestionTypes } from "./scorers/official/video-mmmu.ts";
export { safe } from "./scorers/safe/safe.ts";
export { answerText, saidText } from "./scorers/said-text.ts";
export {
  type Aggregate,
  type BenchmarkScorer,
  type Extracted,
  type Reading,
  type ReadingStatus,
  type Scorer,
  type ScorerName,
  scorerNames,
} from "./scorers/scorer.ts";
export { type ScorerVariant, scorerVariantNames, scorerVariants } from "./scorers/scorer-variants.ts";
export { videoR1 } from "./scorers/video-r1/video-r1.ts";
export { vlmevalkit, vlmevalkitBare, vlmevalkitSplitThink } from "./scorers/vlmevalkit/index.ts";
export { type ScoreRow, type Summary, summarize } from "./summarize.ts";
export { type OrderScore, type Reliance, temporalReliance } from "./temporal-reliance.ts";
export { type YesNoMetrics, yesNoMetrics } from "./yes-no-metrics.ts";
