import type { Benchmark } from "../benchmark.ts";
import { publishedScores } from "../published.ts";
import { tempcompassFiles } from "./tempcompass/files.ts";
import { tempcompassPrompts } from "./tempcompass/prompts.ts";
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
  expected: {
    total: 7540,
    media: 410,
    groups: {
      task: { "multi-choice": 1580, yes_no: 2453, caption_matching: 1503, captioning: 2004 },
      "task/aspect": {
        "multi-choice/action": 338,
        "multi-choice/direction": 335,
        "multi-choice/speed": 317,
        "multi-choice/order": 302,
        "multi-choice/attribute_change": 288,
        "yes_no/action": 592,
        "yes_no/direction": 494,
        "yes_no/speed": 537,
        "yes_no/order": 382,
        "yes_no/attribute_change": 448,
        "caption_matching/action": 297,
        "caption_matching/direction": 327,
        "caption_matching/speed": 291,
        "caption_matching/order": 300,
        "caption_matching/attribute_change": 288,
        "captioning/action": 396,
        "captioning/direction": 436,
        "captioning/speed": 388,
        "captioning/order": 400,
        "captioning/attribute_change": 384,
      },
    },
    origin: "counted",
  },
  headline: { label: "accuracy", over: "items" },
  prompts: tempcompassPrompts,
  readRecord: readTempcompassRecord,
};
