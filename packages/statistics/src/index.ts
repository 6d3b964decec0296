export { type Comparison, comparePairs, type PairedValues } from "./compare-pairs.ts";
export { estimateMean } from "./estimate-mean.ts";
export { groupBy } from "./group-by.ts";
export type { Estimate, Interval } from "./interval.ts";
export { mean, standardDeviation } from "./mean.ts";
export { pairedDifference } from "./paired-difference.ts";
export { type Sample, sampleOf, standardError } from "./sample.ts";
export { meanOf, quantile, smooth, tenth, windowOf } from "./smooth.ts";
export { type Direction, directionOf, type Verdict, verdictOf } from "./verdict.ts";
