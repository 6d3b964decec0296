import { z } from "zod";
import { completionOf, openedTags } from "./completion-text.ts";
import { type Dialect, parseShape, wrongShape } from "./dialect.ts";
import { labelledItem } from "./label.ts";
import { urlOptions } from "./url-options.ts";

const bodySchema = z.strictObject({
  query: z.array(z.string()),
  prompts: z.array(z.string()),
  labels: z.array(z.unknown()),
});

const hint = 'Send { "query": [prompt + completion], "prompts": [prompt], "labels": [label] }, as OpenRLHF does.';

/**
 * OpenRLHF's remote reward: `{ query, prompts, labels }` to `{ rewards, scores, extra_logs, failed }`, the first three lists in
 * the order of `query`. `rewards` make the advantages, `scores` (the accuracy) feed dynamic filtering, `extra_logs` the logs;
 * `failed` counts the samples that could not be scored.
 *
 * @see OpenRLHF/OpenRLHF@04655bc openrlhf/utils/agent.py `_fetch_rewards_via_http`
 */
export const openrlhf: Dialect = (body, query, defaults) => {
  const { own, problemType } = urlOptions(query, defaults);
  const { query: texts, prompts, labels } = parseShape(bodySchema, body, hint);
  for (const [name, list] of Object.entries({ prompts, labels })) {
    if (list.length !== texts.length)
      throw wrongShape(name, `${list.length} elements for ${texts.length} of query`, hint);
  }
  return {
    own,
    items: texts.map((text, i) => {
      const completion = completionOf(text, prompts[i]!);
      if (completion !== undefined)
        return labelledItem(openedTags(prompts[i]!) + completion, labels[i], `labels[${i}]`, problemType);
      const problem = `query[${i}] does not start with prompts[${i}], so that the completion in it cannot be told: send the prompt as it was tokenized, chat template included`;
      return { completion: "", solution: "", problemType: "", problem };
    }),
    pathOf: (i) => (completionOf(texts[i]!, prompts[i]!) === undefined ? `query[${i}]` : `labels[${i}]`),
    write: (results, { failed }) => ({
      rewards: results.map(({ reward }) => reward),
      scores: results.map(({ accuracy }) => accuracy),
      extra_logs: {
        accuracy: results.map(({ accuracy }) => accuracy ?? 0),
        format: results.map(({ format }) => format),
        failed: results.map(({ rule }) => (rule === null ? 1 : 0)),
        accuracy_milliseconds: results.map(({ milliseconds }) => milliseconds.accuracy),
        format_milliseconds: results.map(({ milliseconds }) => milliseconds.format),
      },
      failed,
    }),
  };
};
