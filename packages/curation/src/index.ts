export type { DataRecord } from "./data-record.ts";
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
