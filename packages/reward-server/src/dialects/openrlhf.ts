import { z } from "zod";
import type { Item } from "../score-item.ts";
import { completionOf, openedTags } from "./completion-text.ts";
import { type Dialect, parseShape, queryDefaults, wrongShape } from "./dialect.ts";
import { parseLabel } from "./label.ts";

const bodySchema = z.strictObject({
  query: z.array(z.string()),
  prompts: z.array(z.string()),
  labels: z.array(z.unknown()),
});

const hint = 'Send { "query": [prompt + completion], "prompts": [prompt], "labels": [label] }, as OpenRLHF does.';

/**
 * OpenRLHF's remote reward: `{ query, prompts, labels }` to `{ rewards, scores, extra_logs }`, each a list in the order of
 * `query`. `rewards` make the advantages, `scores` (the accuracy) feed dynamic filtering, `extra_logs` the logs.
 *
 * @see OpenRLHF/OpenRLHF@04655bc openrlhf/utils/agent.py `_fetch_rewards_via_http`
 */
export const openrlhf: Dialect = (body, query, defaults) => {
  const { rules, problemType } = queryDefaults(query, defaults);
  const { query: texts, prompts, labels } = parseShape(bodySchema, body, hint);
  for (const [name, list] of Object.entries({ prompts, labels })) {
    if (list.length !== texts.length)
      throw wrongShape(name, `${list.length} elements for ${texts.length} of query`, hint);
  }
  return {
    rules,
    items: texts.map((text, i) => {
      const completion = completionOf(text, prompts[i]!);
      if (completion === undefined) {
        throw wrongShape(
          `query[${i}]`,
          `does not start with prompts[${i}], so that the completion in it cannot be told`,
          "Send the prompt as it was tokenized, chat template included.",
        );
      }
      const label = labels[i];
      if ((label === null || label === undefined) && defaults.nullLabels === "fail") return missingLabel(completion, i);
      return {
        completion: openedTags(prompts[i]!) + completion,
        ...parseLabel(label, `labels[${i}]`, problemType),
      };
    }),
    write: (results) => ({
      rewards: results.map(({ reward }) => reward),
      scores: results.map(({ accuracy }) => accuracy),
      extra_logs: {
        accuracy: results.map(({ accuracy }) => accuracy),
        format: results.map(({ format }) => format),
        failed: results.map(({ rule }) => (rule === null ? 1 : 0)),
        accuracy_milliseconds: results.map(({ milliseconds }) => milliseconds.accuracy),
        format_milliseconds: results.map(({ milliseconds }) => milliseconds.format),
      },
    }),
  };
};

/** The item of a sample whose label is null: OpenRLHF retries what is refused, and then goes on without a reward. */
function missingLabel(completion: string, i: number): Item {
  return { completion, solution: "", problemType: "", problem: `labels[${i}] is null, so there is nothing to compare` };
}
