export { type Bucket, type BucketName, bucketOf, buckets } from "./buckets.ts";
export type { Allocation, OnShortfall } from "./compose/allocate.ts";
export { type Candidate, chooseSample, type SourceRules, type Verdict } from "./compose/choose-sample.ts";
export { type Part, partName, partOf, videoR1Composition } from "./compose/composition.ts";
export { CompositionError } from "./compose/composition-error.ts";
export { type DifficultyCode, type DifficultyRules, passRateWeights, weighDifficulty } from "./compose/difficulty.ts";
export { samplingKey } from "./compose/sampling-key.ts";
export type { DataRecord } from "./data-record.ts";
export { compareDescriptions, type Difference } from "./describe/compare.ts";
export { type Count, createDescriber, type Description, type LengthName } from "./describe/describe.ts";
export { type Distribution, gather } from "./describe/distribution.ts";
export type { Check, Code, Finding, FoundAt, GroupFinding, Level } from "./lint/check.ts";
export { checks } from "./lint/checks.ts";
export { type FixedRecord, fixRecord } from "./lint/fix-record.ts";
export { type LintRecord, lintRecord } from "./lint/lint-record.ts";
export { createLinter, type Linter, type LinterOptions } from "./lint/linter.ts";
export {
  createMediaComparer,
  type MediaComparer,
  type ReadMedium,
} from "./lint/media/compare-media.ts";
export { type FrameFingerprint, frameFingerprint } from "./lint/media/fingerprint.ts";
export { mediaCodes } from "./lint/media/media-codes.ts";
export { createOthers, type Other, type Others } from "./lint/others.ts";
export { textKey } from "./lint/text-key.ts";
export { emptySurvey, type IndexSurvey, meaningOf, surveyAnswer } from "./mapping/answer-letter.ts";
export {
  conversationColumn,
  type Draft,
  draftsOfConversation,
  type TurnChoice,
  turnChoices,
} from "./mapping/conversations.ts";
export { mappingOfColumns } from "./mapping/known-columns.ts";
export { type MadeRecord, type MakeRecordOptions, makeRecord } from "./mapping/make-record.ts";
export {
  type AnswerKind,
  answerKinds,
  type FieldSource,
  type Mapping,
  MappingFault,
  mappedFields,
  type Row,
} from "./mapping/mapping.ts";
export { readChoices } from "./mapping/option-labels.ts";
export { mappingPresets } from "./mapping/presets.ts";
export {
  type ConversationShape,
  conversationOf,
  conversationShapes,
  isOwnConversation,
  recordOfConversation,
} from "./mapping/record-conversation.ts";
export { recordOfExample } from "./mapping/record-of-example.ts";
export { createRecordLinks, type RecordLinks } from "./split/link-records.ts";
export { type SplitItem, splitRecords } from "./split/split-records.ts";
export {
  annotatedRecord,
  helperFields,
  selectedAbove,
  type ThoughtSample,
} from "./thoughts/annotated-record.ts";
export { chooseSamples, type KeptSamples, keptSamples } from "./thoughts/choose-samples.ts";
export { countOrderWords } from "./thoughts/order-words.ts";
export { readThought, type Thought } from "./thoughts/read-thought.ts";
export {
  type ThoughtFault,
  type ThoughtFaultCode,
  type ThoughtLimits,
  thoughtFaultCodes,
  thoughtFaults,
} from "./thoughts/thought-faults.ts";
export { trainingRecord } from "./thoughts/training-record.ts";
export { wordsOf } from "./thoughts/words-of.ts";
