/** The paper's six benchmarks in the order in which the original runs them. */
export const paperBenchmarkNames = ["mvbench", "tempcompass", "video-mme", "video-mmmu", "vsi-bench", "mmvu"] as const;
export type PaperBenchmarkName = (typeof paperBenchmarkNames)[number];

/** The public benchmarks. */
export const publicBenchmarkNames = [
  ...paperBenchmarkNames,
  "longvideobench",
  "egoschema",
  "video-holmes",
  "pope",
  "mathvista",
] as const;

/** Every benchmark that there is a file of: the public ones, and the toy of this repository. */
export const benchmarkNames = [...publicBenchmarkNames, "miniature"] as const;
export type BenchmarkName = (typeof benchmarkNames)[number];
