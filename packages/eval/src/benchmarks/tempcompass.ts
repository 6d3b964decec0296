import type { Benchmark } from "../benchmark.ts";
import { publishedScores } from "../published.ts";
import { tempcompassFiles } from "./tempcompass/files.ts";
import { readTempcompassRecord } from "./tempcompass/record.ts";

/** Time perception: speed, direction, order, attribute change. */
export const tempcompass: Benchmark = {
  name: "tempcompass",
  title: "TempCompass",
  recordsFile: "eval_tempcompass.json",
  metric: "accuracy",
  published: publishedScores("tempcompass"),
  source: {
    dataset: "lmms-lab/TempCompass",
    repository: "llyx97/TempCompass",
    revision: "e1b4631",
    licence: "CC BY-NC 4.0",
  },
  files: tempcompassFiles,
  readRecord: readTempcompassRecord,
};
