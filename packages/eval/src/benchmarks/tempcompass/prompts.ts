import type { BenchmarkItem } from "../../item.ts";
import { afterMedia, type BenchmarkPrompts, officialRecord } from "../../prompts/prompt.ts";
import type { TempcompassTask } from "./files.ts";

const endings: Record<TempcompassTask, string> = {
  "multi-choice": "\nPlease directly give the best option:",
  yes_no: "\nPlease answer yes or no:",
  caption_matching: "\nPlease directly give the best option:",
  captioning: "",
};

function partsOf(item: BenchmarkItem): [question: string, ending: string] {
  const { question, task } = officialRecord<{ question: string; task: TempcompassTask }>(item);
  return [question, endings[task]];
}

const joined = (item: BenchmarkItem) => afterMedia(item, partsOf(item).join(""));
const apart = (item: BenchmarkItem) => afterMedia(item, ...partsOf(item).filter((part) => part !== ""));

/** @see llyx97/TempCompass@e1b4631 run_qwen2_vl.py (128 new tokens); lmms-eval 0.7.3; VLMEvalKit@e8e78f0 tempcompass */
export const tempcompassPrompts: BenchmarkPrompts = {
  official: { render: joined, generation: { maxNewTokens: 128 } },
  "lmms-eval": { render: joined, generation: {} },
  vlmevalkit: { render: apart, generation: {} },
};
