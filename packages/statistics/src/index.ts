export { estimateMean, type MeanEstimate } from "./estimate-mean.ts";
export { groupBy } from "./group-by.ts";
export { mean, standardDeviation } from "./mean.ts";
export { type Estimate, pairedDifference } from "./paired-difference.ts";
export { type Comparison, compare, type Sample, sampleOf, tPoint } from "./sample.ts";
export { meanOf, quantile, smooth, tenth, windowOf } from "./smooth.ts";
