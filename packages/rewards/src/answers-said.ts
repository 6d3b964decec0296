import { isBlank, strip } from "./python-text.ts";

// The tags of thinking and of tools, and the special tokens around turns, thinking and calls in the chat templates of Qwen,
// Llama 3, Gemma, GLM, DeepSeek, Mistral, Kimi, Seed, Cohere and gpt-oss.
const thinkingTags = "(?:seed:)?think|thinking|thought|reasoning|reflection|scratchpad|analysis";
const toolTags =
  "(?:tool|function)_(?:calls?|responses?|results?|outputs?|code|use|input)|tools?|function|observation|information|interpreter";
const asideTags = "search|results?|outputs?|code|python|documents?|context|example|quote";
const turnStarts =
  "<\\|im_start\\|>[a-z]*|<\\|start_header_id\\|>[a-z]*<\\|end_header_id\\|>|<start_of_turn>[a-z]*|<\\|(?:user|assistant|system|observation|python_tag)\\|>|<｜(?:User|Assistant|tool▁(?:call|output)s?▁(?:begin|end))｜>|\\[/?(?:INST|TOOL_RESULTS)\\]|\\[TOOL_CALLS\\]|<\\|tool_calls?(?:_section)?_(?:begin|end)\\|>|<\\|start\\|>[a-z]*|<\\|channel\\|>[a-z]*|<\\|header_start\\|>[a-z]*<\\|header_end\\|>|<\\|im_(?:user|assistant|system)\\|>|<\\|(?:USER|SYSTEM|CHATBOT)_TOKEN\\|>";
const turnEnds =
  "<\\|(?:im_end|eot_id|eom_id|eot|end_of_text|endoftext|end|return|call|END_OF_TURN_TOKEN)\\|>|</s>|<end_of_turn>|<｜end▁of▁sentence｜>";
const thinkingTokens = "\\[/?THINK\\]|◁/?think▷|<\\|(?:begin|end)_of_thought\\|>|<\\|(?:START|END)_THINKING\\|>";
const attributes = "(?:[\\s=][^<>]{0,100})?";
const marks = new RegExp(
  `(${turnStarts})|(${turnEnds})|<(/?)(?:(?:(${thinkingTags})|(${toolTags})|(${asideTags}))${attributes}|answer)>|(\`\`\`|~~~|<!--|-->)|(${thinkingTokens})`,
  "gi",
);
const modelStarts = /assistant|chatbot|model|final|^\[\/|[▁_]end[|｜]>$/i;

/** What is written between the tags where the model speaks of its form only. */
const placeholder =
  /^[[({]?(?:and|or|\.{3}|…|(?:(?:your|my|the) )?(?:(?:final|correct|option|single) )*(?:answer|letter|choice|option|number|value|text)(?: here)?)[\])}]?$/i;

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
  const turn: Turn = {
    last: [],
    said: [],
    isModel: true,
    start: 0,
    isThinking: false,
    isCut: false,
    stretch: 0,
    opened: -1,
    aside: undefined,
  };
  const nextClose = new Map<string, number>();
  marks.lastIndex = 0;
  for (let match = marks.exec(text); match !== null; match = marks.exec(text)) {
    const start = match.index;
    const end = start + match[0].length;
    if (match[1] !== undefined || match[2] !== undefined) {
      startTurn(turn, text, start, end, match[1] !== undefined && modelStarts.test(match[1]));
      continue;
    }
    if (!turn.isModel || turn.isCut) continue;
    const closes = match[3] === "/" || /^(?:\[\/|◁\/|<\|end)/i.test(match[8] ?? "");
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
      } else turn.isCut = !turn.isThinking && turn.opened < 0 && tool.includes("_");
    } else if (match[6] !== undefined || match[7] !== undefined) {
      const mark = (match[6] ?? match[7]!).toLowerCase();
      const isMark = !isFence(mark) || /(?:^|\n) {0,3}$/.test(text.slice(Math.max(0, start - 4), start));
      if (turn.opened < 0 && isMark) turn.aside = asideAfter(turn.aside, mark, closes);
    } else if (match[4] !== undefined || match[8] !== undefined) {
      if (closes && !turn.isThinking) {
        turn.said.length = turn.stretch;
        turn.opened = -1;
      }
      turn.isThinking = !closes;
      if (closes) turn.stretch = turn.said.length;
    } else if (match[0] !== "<answer>" && match[0] !== "</answer>") {
      // tags in another case are no answer
    } else if (!closes) {
      if (!turn.isThinking) turn.opened = end;
    } else if (turn.opened >= 0) {
      say(turn, text, start, end);
    }
  }
  startTurn(turn, text, text.length, text.length, false);
  const meant = turn.last.filter(isMeant);
  return (meant.length > 0 ? meant : turn.last).map(textOf);
}

interface Turn {
  /** The answers of the model's last turn that is whole and not blank, and of the present one. */
  last: Said[];
  said: Said[];
  isModel: boolean;
  start: number;
  isThinking: boolean;
  /** A call of a tool never ends. */
  isCut: boolean;
  /** Number of answers before the stretch that a `</think>` would make thinking. */
  stretch: number;
  /** Index behind the `<answer>` that is still open. */
  opened: number;
  /** What encloses an example: a fence of code, a comment, a tag of other text. */
  aside: string | undefined;
}

function startTurn(turn: Turn, text: string, end: number, start: number, ofModel: boolean): void {
  if (turn.isModel && strip(text.slice(turn.start, end)) !== "") turn.last = turn.said;
  turn.said = [];
  turn.isModel = ofModel;
  turn.start = start;
  turn.isThinking = false;
  turn.isCut = false;
  turn.stretch = 0;
  turn.opened = -1;
  turn.aside = undefined;
}

/** Ends the open answer at the tag from `start` to `end`. */
function say(turn: Turn, text: string, start: number, end: number): void {
  const answer = strip(text.slice(turn.opened, start));
  const isQuote = isQuoted(text, turn.opened - "<answer>".length, end);
  turn.opened = -1;
  if (isBlank(answer)) return;
  turn.said.push({ text: answer, isExample: turn.aside !== undefined || isQuote || placeholder.test(answer) });
}

function isMeant({ isExample }: Said): boolean {
  return !isExample;
}

function textOf({ text }: Said): string {
  return text;
}

/** What encloses the text behind a mark: the outermost that is not closed. */
function asideAfter(aside: string | undefined, mark: string, closes: boolean): string | undefined {
  if (mark === "-->") return aside === "<!--" ? undefined : aside;
  if (aside === undefined) return closes ? undefined : mark;
  return aside === mark && (closes || isFence(mark)) ? undefined : aside;
}

function isFence(mark: string): boolean {
  return mark === "```" || mark === "~~~";
}

/** Whether the tags from `start` to `end` stand in quotation marks, or in backticks. */
function isQuoted(text: string, start: number, end: number): boolean {
  return /["'“‘「『`]/.test(text[start - 1] ?? "") || text[end] === "`";
}
