import type { Message } from "./chat-template.ts";
import type { Processor } from "./processor.ts";
import { ProcessorFileError } from "./processor-errors.ts";

/** How a chat template writes the assistant's turn. */
export interface AssistantTurn {
  /** Text of the turn that the generation prompt has already opened, such as "<think>\n"; "" with Qwen2.5-VL's template. */
  opened: string;
  /** The special token right after the turn's text; undefined if there is none. */
  endTokenId: number | undefined;
}

type TurnParts = Pick<Processor, "tokenizer" | "chatTemplate">;

/** Reads off a short conversation how the chat template opens and ends the assistant's turn. */
export function assistantTurn({ tokenizer, chatTemplate }: TurnParts): AssistantTurn {
  const answer = "videor1answer";
  const turn = (role: string, text: string): Message => ({ role, content: [{ type: "text", text }] });
  const question = turn("user", "question");
  const prompt = chatTemplate([question], { addGenerationPrompt: true });
  const [before, after] = chatTemplate([question, turn("assistant", answer)]).split(answer);
  if (before === undefined || after === undefined) return { opened: "", endTokenId: undefined };
  const [next] = after === "" ? [] : tokenizer.encode(after);
  const isSpecial = next !== undefined && tokenizer.decode([next], { skipSpecialTokens: true }) === "";
  return {
    opened: prompt.startsWith(before) ? prompt.slice(before.length) : "",
    endTokenId: isSpecial ? next : undefined,
  };
}

/**
 * Checks that tags survive decoding without special tokens, so that rewards can read them.
 *
 * @throws {ProcessorFileError} If a tag is a special token of the model in `folder`.
 */
export function checkTags({ tokenizer }: Pick<Processor, "tokenizer">, folder: string, tags: readonly string[]): void {
  const lost = tags.filter((tag) => tokenizer.decode(tokenizer.encode(tag), { skipSpecialTokens: true }).trim() === "");
  if (lost.length === 0) return;
  const problem = `${lost.join(", ")} ${lost.length === 1 ? "is a special token" : "are special tokens"}, which rewards and grading never see`;
  const hint = 'Set "special": false for them in added_tokens of tokenizer.json.';
  throw new ProcessorFileError({ path: `${folder}/tokenizer.json`, problem, hint });
}

/** The tags that answers are rewarded and graded by. */
export const answerTags = ["<think>", "</think>", "<answer>", "</answer>"] as const;
