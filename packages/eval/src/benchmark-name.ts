/** The paper's six benchmarks in the order in which the original runs them. */
export const paperBenchmarkNames = ["mvbench", "tempcompass", "video-mme", "video-mmmu", "vsi-bench", "mmvu"] as const;
export type PaperBenchmarkName = (typeof paperBenchmarkNames)[number];

/** Every benchmark that there is a file of. */
export const benchmarkNames = [
  ...paperBenchmarkNames,
  "longvideobench",
  "egoschema",
  "video-holmes",
  "pope",
  "mathvista",
] as const;
export type BenchmarkName = (typeof benchmarkNames)[number];
