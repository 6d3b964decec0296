import { parseRecord, RecordError } from "@videor1/data";
import type { Benchmark } from "../benchmark.ts";
import { tableFile } from "../official-file.ts";
import { videoR1Item } from "../reading/video-r1-items.ts";

const file = "eval_miniature.json";

/** The held-back questions of the toy that `npm start` makes: how many there are is its config's choice. */
export const miniature: Benchmark = {
  name: "miniature",
  title: "Miniature",
  recordsFile: undefined,
  metric: "accuracy",
  published: [],
  source: {
    dataset: "made by npm start",
    repository: "this one, apps/miniature",
    revision: "of the config that made it",
    licence: "Apache-2.0",
  },
  files: [tableFile(file)],
  expected: undefined,
  headline: { label: "mean of tasks", over: "task" },
  prompts: {},
  readRecord({ record, at }) {
    try {
      const example = parseRecord(record, { file, index: Number(at) }, "safe");
      const { benchmark: _, ...item } = videoR1Item("miniature", example);
      const answerType = example.problemType === "numerical" ? "float" : item.answerType;
      return { ...item, answerType, groups: { task: example.dataSource } };
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      return error.issues.map((message) => ({ field: message.split(":")[0]!, message: message.replace(/^\w+: /, "") }));
    }
  },
};
