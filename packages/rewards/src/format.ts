import { type CompletionOptions, wholeCompletion } from "./extract-answer.ts";
import { isBlank, isWhiteSpaceAt, strip } from "./python-text.ts";
import { isSafe } from "./rules.ts";

/**
 * 1 if the whole completion is a thinking block and then an answer block, with only white space between them, else 0.
 *
 * `video-r1`: equal to a full match of `<think>.*?</think>\s*<answer>.*?</answer>` (dot-all). A single character before
 * or after, even a line break, fails; a second answer block at the end passes, and so do two empty blocks.
 * `safe`: white space around is ignored, each of the four tags occurs once, and neither block is blank.
 * Both take linear time. With `thinkingOpened` the prompt has written the `<think>`.
 *
 * @see arXiv:2503.21776 section 3; tulerfeng/Video-R1@59d65c3 src/r1-v/src/open_r1/grpo.py `format_reward`
 */
export function formatReward(completion: string, options: CompletionOptions = {}): number {
  const whole = wholeCompletion(completion, options);
  return (isSafe(options) ? isOneOfEach(strip(whole)) : isFullMatch(whole)) ? 1 : 0;
}

function isFullMatch(completion: string): boolean {
  if (!completion.startsWith("<think>") || !completion.endsWith("</answer>")) return false;
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
    if (close >= firstEnd && completion.startsWith("</think>", close)) return true;
  }
  return false;
}

function isOneOfEach(text: string): boolean {
  if (!text.startsWith("<think>") || !text.endsWith("</answer>")) return false;
  const close = text.indexOf("</think>");
  const open = text.indexOf("<answer>");
  const isOnce = (tag: string, at: number): boolean => at >= 0 && text.indexOf(tag, at + 1) < 0;
  if (!isOnce("<think>", 0) || !isOnce("</think>", close) || !isOnce("<answer>", open) || open < close) return false;
  if (text.indexOf("</answer>") !== text.length - "</answer>".length) return false;
  return (
    !isBlank(text.slice("<think>".length, close)) &&
    strip(text.slice(close + "</think>".length, open)) === "" &&
    !isBlank(text.slice(open + "<answer>".length, -"</answer>".length))
  );
}
