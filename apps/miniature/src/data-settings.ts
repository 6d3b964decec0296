import { join } from "node:path";

/** Record files of `makeData` by the config key of each stage that reads them. */
const recordFiles = {
  sft: { "data.phases.0.records": "sft-reason.json", "data.phases.1.records": "sft-mixed.json" },
  rl: { "data.records": "rl.json" },
  bench: { "data.records": "eval_miniature.json" },
} as const;

/** The key=value settings of a stage for the data set that `makeData` wrote into a folder. */
export const dataSettings = (stage: keyof typeof recordFiles, folder: string): string[] => [
  `data.media.mediaRoot=${folder}`,
  ...Object.entries(recordFiles[stage]).map(([key, file]) => `${key}=${join(folder, file)}`),
];
