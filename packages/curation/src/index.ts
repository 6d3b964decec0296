export type { DataRecord } from "./data-record.ts";
export {
  annotatedRecord,
  helperFields,
  selectedAbove,
  type ThoughtSample,
} from "./thoughts/annotated-record.ts";
export { chooseSamples, type KeptSamples, keptSamples } from "./thoughts/choose-samples.ts";
