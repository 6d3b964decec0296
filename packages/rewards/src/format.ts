import { isWhiteSpaceAt } from "./python-text.ts";

/**
 * 1 if the whole completion is a thinking block and then an answer block, with only white space between them, else 0.
 * A single character before or after, even a line break, fails; a second answer block at the end passes.
 *
 * Equal to a full match of `<think>.*?</think>\s*<answer>.*?</answer>` (dot-all), found in linear time.
 *
 * @see arXiv:2503.21776 section 3; tulerfeng/Video-R1@59d65c3 src/r1-v/src/open_r1/grpo.py `format_reward`
 */
export function formatReward(completion: string): number {
  if (!completion.startsWith("<think>") || !completion.endsWith("</answer>")) return 0;
  const firstEnd = "<think>".length;
  const lastOpen = completion.length - "<answer></answer>".length;
  for (
    let open = completion.indexOf("<answer>", firstEnd);
    open >= 0 && open <= lastOpen;
    open = completion.indexOf("<answer>", open + 1)
  ) {
    let end = open;
    while (isWhiteSpaceAt(completion, end - 1)) end--;
    const close = end - "</think>".length;
    if (close >= firstEnd && completion.startsWith("</think>", close)) return 1;
  }
  return 0;
}
