import type { ChatRequest } from "../chat-request.ts";

export interface DoubleChoice {
  index: number;
  text: string;
  /** Of a model's completion; default: a token per word, that ends by itself. */
  tokens?: { ids: readonly number[]; logprobs: readonly number[] };
  finishReason?: "stop" | "length";
}

/** What is answered to a request. */
export interface DoubleReply {
  request: ChatRequest;
  choices: readonly DoubleChoice[];
  /** The prompt's, if they were asked for. */
  ids: readonly number[] | undefined;
}

/** The body of a reply, with what vLLM adds if it is asked to: a token per word. */
export function replyBody({ request, choices, ids }: DoubleReply) {
  return {
    id: "chatcmpl-double",
    object: "chat.completion",
    model: request.model,
    choices: choices.map((choice) => choiceOf(request, choice)),
    usage: usageOf(choices),
    ...(ids && { prompt_token_ids: ids }),
  };
}

function choiceOf(request: ChatRequest, { index, text, tokens, finishReason = "stop" }: DoubleChoice) {
  const message: { role: string; content: string | null } = { role: "assistant", content: text };
  const content = tokens?.logprobs.map((logprob) => ({ token: "", logprob, top_logprobs: [] }));
  const given = tokens ? { token_ids: tokens.ids, logprobs: { content } } : tokensOf(request, text);
  return { index, message, finish_reason: finishReason as string, ...given };
}

/** The same as server-sent events, a word each. */
export function replyEvents({ request, choices, ids }: DoubleReply): string {
  const head = { object: "chat.completion.chunk", model: request.model };
  const chunk = (fields: object) => `data: ${JSON.stringify({ ...head, ...fields })}\n\n`;
  const events = choices.flatMap(({ index, text }) => {
    const words = wordsOf(text);
    return words.map((word, i) => {
      const finish_reason = i === words.length - 1 ? "stop" : null;
      return chunk({ choices: [{ index, delta: { content: word }, finish_reason, ...tokensOf(request, word) }] });
    });
  });
  const begin = ids ? chunk({ choices: [], prompt_token_ids: ids }) : "";
  return `${begin}${events.join("")}${chunk({ choices: [], usage: usageOf(choices) })}data: [DONE]\n\n`;
}

const wordsOf = (text: string): string[] => text.match(/\S+\s*|^\s+/g) ?? [""];

function tokensOf(request: ChatRequest, text: string): object {
  const tokens = wordsOf(text).map((token) => {
    return { id: token.length, logprob: -1 / (1 + token.length), token };
  });
  return {
    ...(request.return_token_ids === true && { token_ids: tokens.map(({ id }) => id) }),
    ...(request.logprobs === true && {
      logprobs: { content: tokens.map(({ token, logprob }) => ({ token, logprob, top_logprobs: [] })) },
    }),
  };
}

function usageOf(choices: DoubleReply["choices"]): object {
  const completion = choices.reduce((sum, { text }) => sum + wordsOf(text).length, 0);
  return { prompt_tokens: 1, completion_tokens: completion, total_tokens: 1 + completion };
}
