import { strip } from "@videor1/rewards";

const names = "(?:seed:)?think|thinking|thought|reasoning|reflection|scratchpad|analysis";
const marks = new RegExp(
  `<(/?)(?:${names})>|◁(/?)think▷|\\[(/?)THINK\\]|<\\|(begin|end)_of_thought\\|>|<\\|(START|END)_THINKING\\|>`,
  "gi",
);

/**
 * What an output says outside its thinking. Thinking is what `<think>` precedes without a `</think>` between, to the output's
 * end if it is never closed, and all before a `</think>` that nothing opened. Linear time.
 */
export function saidText(output: string): string {
  const said: string[] = [];
  let isThinking = false;
  let start = 0; // of the stretch that a `</think>` would make thinking
  let end = 0;
  for (const { 0: mark, 1: a, 2: b, 3: c, 4: d, 5: e, index } of output.matchAll(marks)) {
    const closes = [a, b, c].includes("/") || /^end$/i.test(d ?? e ?? "");
    if (!isThinking) said.push(output.slice(end, index));
    else if (!closes) continue;
    if (closes && !isThinking) said.length = start;
    isThinking = !closes;
    if (closes) start = said.length;
    end = index + mark.length;
  }
  if (!isThinking) said.push(output.slice(end));
  return said.join("");
}

/**
 * The answer of an output: the last `<answer>` block that is closed outside the thinking, else all that is said outside it.
 * White space around it is off.
 */
export function answerText(output: string): string {
  const said = saidText(output);
  let answer: string | undefined;
  let opened = -1;
  for (const { 0: tag, index } of said.matchAll(/<\/?answer>/gi)) {
    if (tag[1] !== "/") opened = index + tag.length;
    else if (opened >= 0) {
      answer = said.slice(opened, index);
      opened = -1;
    }
  }
  return strip(answer ?? said);
}
