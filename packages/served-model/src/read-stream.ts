/** A fragment of a choice, as a server streams it. */
interface Delta {
  index: number;
  delta?: { content?: string | null; reasoning?: string | null; reasoning_content?: string | null };
  logprobs?: { content?: unknown[] | null } | null;
  finish_reason?: string | null;
  token_ids?: unknown[] | null;
}

interface Chunk {
  choices?: Delta[];
  usage?: unknown;
  prompt_token_ids?: unknown;
  error?: unknown;
}

/**
 * The text of an event stream -> the body that the server would have sent at once. A stream with an error event is that
 * error's body.
 *
 * @returns undefined if the stream does not end with `[DONE]`, or an event is no JSON.
 */
export function joinStream(text: string): unknown {
  const events = text.split(/\r?\n\r?\n/).flatMap((event) => {
    const lines = event.split(/\r?\n/).filter((line) => line.startsWith("data:"));
    return lines.length === 0 ? [] : [lines.map((line) => line.slice(5).trim()).join("\n")];
  });
  const chunks = events.filter((event) => event !== "[DONE]").map(parse);
  const failed = chunks.find((chunk) => chunk?.error !== undefined);
  if (failed) return failed;
  if (events.at(-1) !== "[DONE]" || chunks.includes(undefined)) return undefined;
  const choices = new Map<number, ReturnType<typeof emptyChoice>>();
  const rest: { usage?: unknown; prompt_token_ids?: unknown } = {};
  for (const { choices: deltas = [], usage, prompt_token_ids } of chunks as Chunk[]) {
    if (usage) rest.usage = usage;
    if (prompt_token_ids) rest.prompt_token_ids = prompt_token_ids;
    for (const delta of deltas) {
      const choice = choices.get(delta.index) ?? emptyChoice(delta.index);
      choices.set(delta.index, choice);
      add(choice, delta);
    }
  }
  return { ...rest, choices: [...choices.values()] };
}

function emptyChoice(index: number) {
  return {
    index,
    message: { content: null as string | null, reasoning: null as string | null },
    logprobs: null as { content: unknown[] } | null,
    token_ids: null as unknown[] | null,
    finish_reason: null as string | null,
  };
}

function add(choice: ReturnType<typeof emptyChoice>, { delta = {}, logprobs, finish_reason, token_ids }: Delta): void {
  const { message } = choice;
  const reasoning = delta.reasoning ?? delta.reasoning_content;
  if (typeof delta.content === "string") message.content = (message.content ?? "") + delta.content;
  if (typeof reasoning === "string") message.reasoning = (message.reasoning ?? "") + reasoning;
  if (logprobs?.content) choice.logprobs = { content: [...(choice.logprobs?.content ?? []), ...logprobs.content] };
  if (token_ids) choice.token_ids = [...(choice.token_ids ?? []), ...token_ids];
  if (finish_reason) choice.finish_reason = finish_reason;
}

function parse(event: string): Chunk | undefined {
  try {
    const chunk: unknown = JSON.parse(event);
    return typeof chunk === "object" && chunk !== null ? (chunk as Chunk) : undefined;
  } catch {
    return undefined;
  }
}
