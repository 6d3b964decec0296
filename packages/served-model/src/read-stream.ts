import { z } from "zod";

const text = z.string().nullish();
const Delta = z.looseObject({
  index: z.int(),
  delta: z.looseObject({ content: text, reasoning: text, reasoning_content: text }).nullish(),
  logprobs: z.looseObject({ content: z.array(z.unknown()).nullish() }).nullish(),
  finish_reason: text,
  token_ids: z.array(z.unknown()).nullish(),
});
const Chunk = z.looseObject({
  choices: z.array(Delta).nullish(),
  usage: z.unknown().optional(),
  model: z.unknown().optional(),
  prompt_token_ids: z.unknown().optional(),
  error: z.unknown().optional(),
});

/** A choice as it grows. */
interface Growing {
  index: number;
  message: { content: string | null; reasoning: string | null };
  logprobs: { content: unknown[] } | null;
  token_ids: unknown[] | null;
  finish_reason: string | null;
}

/**
 * The text of an event stream -> the body that the server would have sent at once. A stream with an error event is that
 * error's body.
 *
 * @returns undefined if the stream does not end with `[DONE]`, or an event is no chunk of a completion.
 */
export function joinStream(stream: string): unknown {
  const events = stream.split(/\r?\n\r?\n/).flatMap((event) => {
    const lines = event.split(/\r?\n/).filter((line) => line.startsWith("data:"));
    return lines.length === 0 ? [] : [lines.map((line) => line.slice(5).trim()).join("\n")];
  });
  const isWhole = events.at(-1) === "[DONE]";
  const choices = new Map<number, Growing>();
  const rest: { usage?: unknown; model?: unknown; prompt_token_ids?: unknown } = {};
  for (const event of isWhole ? events.slice(0, -1) : events) {
    const chunk = parse(event);
    if (chunk?.error) return { error: chunk.error };
    if (chunk === undefined) return undefined;
    if (chunk.usage) rest.usage = chunk.usage;
    if (chunk.model) rest.model = chunk.model;
    if (chunk.prompt_token_ids) rest.prompt_token_ids = chunk.prompt_token_ids;
    for (const delta of chunk.choices ?? []) {
      const choice = choices.get(delta.index) ?? newChoice(delta.index);
      choices.set(delta.index, choice);
      grow(choice, delta);
    }
  }
  return isWhole ? { ...rest, choices: [...choices.values()] } : undefined;
}

const newChoice = (index: number): Growing => {
  return { index, message: { content: null, reasoning: null }, logprobs: null, token_ids: null, finish_reason: null };
};

function grow(choice: Growing, { delta, logprobs, finish_reason, token_ids }: z.infer<typeof Delta>): void {
  const { message } = choice;
  const reasoning = delta?.reasoning ?? delta?.reasoning_content;
  if (typeof delta?.content === "string") message.content = (message.content ?? "") + delta.content;
  if (typeof reasoning === "string") message.reasoning = (message.reasoning ?? "") + reasoning;
  if (logprobs?.content) {
    choice.logprobs ??= { content: [] };
    choice.logprobs.content.push(...logprobs.content);
  }
  if (token_ids) {
    choice.token_ids ??= [];
    choice.token_ids.push(...token_ids);
  }
  if (finish_reason) choice.finish_reason = finish_reason;
}

function parse(event: string): z.infer<typeof Chunk> | undefined {
  try {
    return Chunk.safeParse(JSON.parse(event)).data;
  } catch {
    return undefined;
  }
}
