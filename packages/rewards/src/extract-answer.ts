import { strip } from "./python-text.ts";

/**
 * The text inside the first `<answer>…</answer>`, stripped; "" if there is none. Case matters, line breaks may be inside,
 * an `<answer>` within the thinking counts, and an inner `<answer>` is part of the text.
 *
 * Equal to the first match of `<answer>\s*(.*?)\s*</answer>` (dot-all), found in linear time.
 *
 * @see tulerfeng/Video-R1@59d65c3 src/r1-v/src/open_r1/grpo.py `extract_answer`
 */
export function extractAnswer(text: string): string {
  return textBetween(text, "<answer>", "</answer>");
}

/**
 * The text inside the first `<think>…</think>`, stripped; "" if there is none.
 *
 * @see tulerfeng/Video-R1@59d65c3 src/eval_bench.py `extract_think`
 */
export function extractThinking(text: string): string {
  return textBetween(text, "<think>", "</think>");
}

function textBetween(text: string, open: string, close: string): string {
  const opened = text.indexOf(open);
  if (opened < 0) return "";
  const start = opened + open.length;
  const end = text.indexOf(close, start);
  return end < 0 ? "" : strip(text.slice(start, end));
}
