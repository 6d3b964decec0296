import { z } from "zod";
import { openedTags, withoutEndTokens } from "./completion-text.ts";
import { type Dialect, parseShape, type WrittenScore } from "./dialect.ts";
import { labelledItem } from "./label.ts";
import { urlOptions } from "./url-options.ts";

const bodySchema = z.strictObject({ prompt: z.unknown(), response: z.string(), label: z.unknown() });

const hint = 'Send { "prompt": anything, "response": text, "label": label }, as slime does.';

/** A dialect of one sample, whose response is `write(score)`. */
const sample =
  (write: (score: WrittenScore) => unknown): Dialect =>
  (body, query, defaults) => {
    const { own, problemType } = urlOptions(query, defaults);
    const { prompt, response, label } = parseShape(bodySchema, body, hint);
    const completion = openedTags(promptText(prompt)) + withoutEndTokens(response);
    const item = labelledItem(completion, label, "label", problemType);
    return { own, items: [item], pathOf: () => "label", write: ([score]) => write(score!) };
  };

/** The end of a prompt: text, or what the last message says where it is the model's own, to be continued. */
function promptText(prompt: unknown): string {
  if (typeof prompt === "string") return prompt;
  const last: unknown = Array.isArray(prompt) ? prompt.at(-1) : undefined;
  const message = z.object({ role: z.literal("assistant"), content: z.string() }).safeParse(last);
  return message.success ? `<|im_start|>assistant\n${message.data.content}` : "";
}

/**
 * slime's `--rm-type remote_rm`: `{ prompt, response, label }` to the reward, a bare number.
 *
 * @see THUDM/slime@0b420f1 slime/rollout/rm_hub/__init__.py `remote_rm`
 */
export const slime = sample(({ reward }) => reward);

/** {@link slime} with the whole score, for slime's `--reward-key reward`. */
export const slimeDetails = sample((score) => score);
