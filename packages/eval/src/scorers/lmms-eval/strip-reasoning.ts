import { strip } from "@videor1/rewards";

/** The default of lmms-eval's option --reasoning_tags. */
const tags = [
  ["<think>", "</think>"],
  ["<analysis>", "</analysis>"],
] as const;

/**
 * What lmms-eval's evaluator hands to a task: the output without its reasoning, white space around dropped. Tags are found by
 * case; an opening tag that none closes stays, with all behind it; of a closing tag alone only what follows the last is kept.
 *
 * @see lmms-eval 0.7.3 api/reasoning.py `strip_reasoning_tags`
 */
export function stripReasoning(output: string): string {
  return strip(tags.reduce((text, [open, close]) => withoutBlocks(text, open, close), output));
}

function withoutBlocks(output: string, open: string, close: string): string {
  let text = output;
  for (;;) {
    const start = text.indexOf(open);
    const end = start < 0 ? -1 : text.indexOf(close, start);
    if (end < 0) break;
    text = text.slice(0, start) + text.slice(end + close.length);
  }
  return text.includes(open)
    ? text
    : text.slice(text.lastIndexOf(close) < 0 ? 0 : text.lastIndexOf(close) + close.length);
}
