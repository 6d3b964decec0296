import { strip } from "@videor1/rewards";
import { afterMedia, type BenchmarkPrompts, greedy, officialRecord } from "../../prompts/prompt.ts";

const questionOf = (item: Parameters<typeof officialRecord>[0]) => officialRecord<{ question: string }>(item).question;

/** @see AoiDragon/POPE@08d957b, which asks the bare question; lmms-eval 0.7.3 pope; VLMEvalKit@e8e78f0 */
export const popePrompts: BenchmarkPrompts = {
  official: { render: (item) => afterMedia(item, questionOf(item)), generation: {} },
  "lmms-eval": {
    render: (item) =>
      afterMedia(item, `${strip(questionOf(item))}\nAnswer the question using a single word or phrase.`),
    generation: greedy(128),
  },
  vlmevalkit: { render: (item) => afterMedia(item, questionOf(item)), generation: {} },
};
