import type { ProblemType } from "@videor1/rewards";
import { mediaTag } from "./record-media.ts";
import { type Example, mediaOf } from "./schema.ts";

/** The stage that a prompt is for; tulerfeng/Video-R1 words it differently in each. */
export type Stage = "rl" | "sft" | "eval" | "cot";

/**
 * `code`: the text of the repository, byte for byte. `paper`: as figure 11 of the paper prints it, with a full stop
 * after "thought expressions" and "<think> and </think>" in every stage. `question`: question and options only.
 */
export type Template = "code" | "paper" | "question";

export interface PromptOptions {
  stage: Stage;
  /** Default `code`. */
  template?: Template;
  /**
   * Text of a system turn. Default: none, so the chat template writes its own "You are a helpful assistant.";
   * in stage `sft` "You are a helpful assistant" (no full stop), as sft_video.py has it. Null: no system turn in any stage.
   */
  system?: string | null | undefined;
}

export type ContentItem = { type: "text"; text: string } | { type: "image" } | { type: "video" };

/** One turn of a chat, in the shape that Hugging Face chat templates take. */
export interface Message {
  role: "system" | "user" | "assistant";
  content: ContentItem[];
}

/** The answer instruction of each problem type; appended to the thinking instruction. */
const answerInstruction: Record<ProblemType, string> = {
  "multiple choice":
    " Please provide only the single option letter (e.g., A, B, C, D, etc.) within the <answer> </answer> tags.",
  numerical: " Please provide the numerical value (e.g., 42 or 3.14) within the <answer> </answer> tags.",
  OCR: " Please transcribe text from the image/video clearly and provide your text answer within the <answer> </answer> tags.",
  "free-form": " Please provide your text answer within the <answer> </answer> tags.",
  regression: " Please provide the numerical value (e.g., 42 or 3.14) within the <answer> </answer> tags.",
};

/**
 * The text of the user turn: question, for multiple choice `Options:` and the options (nothing between the question
 * and the word), a line break, the thinking instruction and the answer instruction of the problem type.
 *
 * @see tulerfeng/Video-R1@59d65c3 grpo.py, sft_video.py, eval_bench.py `QUESTION_TEMPLATE`, `TYPE_TEMPLATE`
 */
export function userText(example: Example, { stage, template = "code" }: PromptOptions): string {
  if (template === "question") return questionText(example);
  return `${questionText(example)}\n${thinkingInstruction(stage, template)}${answerInstruction[example.problemType]}`;
}

/** The assistant turn of stage `sft`: `process`, a line break, `solution`. */
export function assistantText({ process = "", solution }: Example): string {
  return `${process}\n${solution}`;
}

/**
 * The turns of one example: its media, images first, then {@link userText}; or, if the problem holds their tags, each in the
 * place of its tag. In stage `sft` a system turn before and the {@link assistantText} after it.
 */
export function messages(example: Example, options: PromptOptions): Message[] {
  const { stage, system = stage === "sft" ? "You are a helpful assistant" : null } = options;
  const user: Message = { role: "user", content: userContent(example, userText(example, options)) };
  return [
    ...(system === null ? [] : [{ role: "system" as const, content: [text(system)] }]),
    user,
    ...(stage === "sft" ? [{ role: "assistant" as const, content: [text(assistantText(example))] }] : []),
  ];
}

function userContent(example: Example, question: string): ContentItem[] {
  const media = mediaOf(example);
  if (!media[0]?.tagged) return [...media.map(({ kind }) => ({ type: kind })), text(question)];
  const { length } = example.problem; // tags in the options are text
  const parts = example.problem.split(mediaTag).map((part, i): ContentItem => {
    return i % 2 === 1 ? { type: part as "image" | "video" } : text(part);
  });
  const last = parts.pop() as { text: string };
  return [...parts, text(last.text + question.slice(length))].filter(
    (part) => part.type !== "text" || part.text !== "",
  );
}

function questionText({ problem, problemType, options }: Example): string {
  if (problemType !== "multiple choice") return problem;
  return `${problem}Options:\n${options.map((option) => `${option}\n`).join("")}`;
}

function thinkingInstruction(stage: Stage, template: "code" | "paper"): string {
  const and = template === "paper" || stage === "eval" || stage === "cot" ? " and" : "";
  const stop = template === "paper" ? "." : "";
  return (
    "Please think about this question as if you were a human pondering deeply. " +
    "Engage in an internal dialogue using expressions such as 'let me think', 'wait', 'Hmm', 'oh, I see', " +
    `'let's break it down', etc, or other natural language thought expressions${stop} ` +
    "It's encouraged to include self-reflection or verification in the reasoning process. " +
    `Provide your detailed reasoning between the <think>${and} </think> tags, ` +
    `and then give your final answer between the <answer>${and} </answer> tags.`
  );
}

function text(value: string): ContentItem {
  return { type: "text", text: value };
}
