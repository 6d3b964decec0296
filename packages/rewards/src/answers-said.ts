import { strip } from "./python-text.ts";

// The tags of thinking and of tools, and the special tokens around turns in the chat templates of Qwen, Llama 3, Gemma, GLM,
// DeepSeek and Mistral.
const thinkingTags = "think|thinking|thought|reasoning|reflection|scratchpad";
const toolTags = "(?:tool|function)_(?:calls?|responses?|results?|outputs?)|tool|observation|information|interpreter";
const turnStarts =
  "<\\|im_start\\|>[a-z]*|<\\|start_header_id\\|>[a-z]*<\\|end_header_id\\|>|<start_of_turn>[a-z]*|<\\|(?:user|assistant|system|observation)\\|>|<｜(?:User|Assistant|tool▁outputs▁begin|tool▁outputs▁end)｜>|\\[/?(?:INST|TOOL_RESULTS)\\]";
const turnEnds = "<\\|(?:im_end|eot_id|eom_id|end_of_text|endoftext)\\|>|<end_of_turn>|<｜end▁of▁sentence｜>";
const marks = new RegExp(`(${turnStarts})|(${turnEnds})|<(/?)(?:(${thinkingTags})|(${toolTags})|answer)>`, "g");
const modelStarts = /assistant|model|^\[\/|outputs▁end/i;

/** What is written between the tags where the model speaks of its form only. */
const placeholder = /^(?:and|or|\.{3}|…|(?:(?:your|my|the) )?(?:final )?answer(?: here)?)$/i;

interface Said {
  text: string;
  /** Whether it shows the form of an answer, in quotes, in code or with a placeholder. */
  isExample: boolean;
}

/**
 * The answers that the model gives in the last turn of its own, stripped, blank ones left out: not in its thinking, in what
 * it sends to a tool, in what a tool or a user says, nor behind the end of a turn. Answers that only show the form count
 * where there are no others. Linear time.
 *
 * Thinking: the nearest think tag before is `<think>`, or the nearest after is `</think>`.
 */
export function answersSaid(text: string): string[] {
  let last: Said[] = [];
  let said: Said[] = [];
  let isModel = true;
  let turnStart = 0;
  let isThinking = false;
  let isCut = false; // a call of a tool that never ends
  let stretch = 0; // number of answers before the stretch that a `</think>` would make thinking
  let opened = -1; // index behind the `<answer>` that is still open
  const nextClose = new Map<string, number>();

  const startTurn = (end: number, start: number, ofModel: boolean): void => {
    if (isModel && strip(text.slice(turnStart, end)) !== "") last = said;
    said = [];
    isModel = ofModel;
    turnStart = start;
    isThinking = false;
    isCut = false;
    stretch = 0;
    opened = -1;
  };

  marks.lastIndex = 0;
  for (let match = marks.exec(text); match !== null; match = marks.exec(text)) {
    const start = match.index;
    const end = start + match[0].length;
    if (match[1] !== undefined || match[2] !== undefined) {
      startTurn(start, end, match[1] !== undefined && modelStarts.test(match[1]));
      continue;
    }
    if (!isModel || isCut) continue;
    const closes = match[3] === "/";
    const tool = match[5];
    if (tool !== undefined) {
      if (closes) continue;
      let close = nextClose.get(tool) ?? -1;
      if (close < end) {
        close = text.indexOf(`</${tool}>`, end);
        if (close < 0) close = Number.POSITIVE_INFINITY;
        nextClose.set(tool, close);
      }
      const next = text.indexOf(`<${tool}>`, end);
      if (close < Number.POSITIVE_INFINITY) {
        if (next < 0 || next > close) marks.lastIndex = close;
      } else isCut = !isThinking && opened < 0 && tool.includes("_");
    } else if (match[4] !== undefined) {
      if (closes && !isThinking) {
        said.length = stretch;
        opened = -1;
      }
      isThinking = !closes;
      if (closes) stretch = said.length;
    } else if (!closes) {
      if (!isThinking) opened = end;
    } else if (opened >= 0) {
      const answer = strip(text.slice(opened, start));
      const isExample = placeholder.test(answer) || isQuoted(text, opened - "<answer>".length, end);
      if (answer !== "") said.push({ text: answer, isExample });
      opened = -1;
    }
  }
  startTurn(text.length, text.length, false);
  const meant = last.filter(({ isExample }) => !isExample);
  return (meant.length > 0 ? meant : last).map((answer) => answer.text);
}

/** Whether the tags from `start` to `end` stand in quotation marks, or in backticks. */
function isQuoted(text: string, start: number, end: number): boolean {
  return /["'“‘「『`]/.test(text[start - 1] ?? "") || text[end] === "`";
}
