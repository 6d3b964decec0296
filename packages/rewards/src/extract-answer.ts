import { strip } from "./python-text.ts";
import { isSafe, type RulesOption } from "./rules.ts";

/**
 * The text inside the first `<answer>…</answer>`, stripped; "" if there is none. Case matters, line breaks may be inside,
 * and an inner `<answer>` is part of the text.
 *
 * `video-r1`: anywhere in the text, equal to the first match of `<answer>\s*(.*?)\s*</answer>` (dot-all).
 * `safe`: the tag has to open outside the thinking. It is inside if the nearest think tag before it is `<think>` or the
 * nearest after it is `</think>`. Both take linear time.
 *
 * @see tulerfeng/Video-R1@59d65c3 src/r1-v/src/open_r1/grpo.py `extract_answer`
 */
export function extractAnswer(text: string, options: RulesOption = {}): string {
  return textBetween(text, isSafe(options) ? answerOutsideThinking(text) : text.indexOf("<answer>"), "<answer>");
}

/**
 * The text inside the first `<think>…</think>`, stripped; "" if there is none.
 *
 * @see tulerfeng/Video-R1@59d65c3 src/eval_bench.py `extract_think`
 */
export function extractThinking(text: string): string {
  return textBetween(text, text.indexOf("<think>"), "<think>");
}

/** The text between the open tag at `opened` and the next close tag of its kind. */
function textBetween(text: string, opened: number, open: string): string {
  if (opened < 0) return "";
  const start = opened + open.length;
  const end = text.indexOf(`</${open.slice(1)}`, start);
  return end < 0 ? "" : strip(text.slice(start, end));
}

/** Index of the first `<answer>` in a stretch that no `<think>` opens and no `</think>` closes, or -1. */
function answerOutsideThinking(text: string): number {
  let answer = text.indexOf("<answer>");
  if (answer < 0) return -1;
  let open = text.indexOf("<think>");
  let close = text.indexOf("</think>");
  // The stretch that starts at `start` ends at the nearer of `open` and `close`; each search goes on from the last.
  for (let start = 0; answer >= 0; ) {
    if (open >= 0 && open < start) open = text.indexOf("<think>", start);
    if (answer < start) answer = text.indexOf("<answer>", start);
    const isThinking = close >= 0 && (open < 0 || close < open);
    if (!isThinking) {
      if (answer < open || open < 0) return answer;
      if (close < 0) return -1; // the thinking never ends
    }
    start = close + "</think>".length;
    close = text.indexOf("</think>", start);
  }
  return -1;
}
