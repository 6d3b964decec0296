import { afterMedia, type BenchmarkPrompts, greedy, officialRecord } from "../../prompts/prompt.ts";

interface EgoschemaRecord {
  question: string;
  option: string[];
}

/** The authors publish no prompt, and VLMEvalKit has no EgoSchema. @see lmms-eval 0.7.3 egoschema_subset */
export const egoschemaPrompts: BenchmarkPrompts = {
  "lmms-eval": {
    render: (item) => {
      const { question, option } = officialRecord<EgoschemaRecord>(item);
      const ending = "Answer with the option's letter from the given choices directly.";
      return afterMedia(item, [question, ...option, ending].join("\n"));
    },
    generation: greedy(16),
  },
};
