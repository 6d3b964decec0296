import { z } from "zod";
import { excerpt } from "./excerpt.ts";
import type { HttpReply } from "./http-call.ts";
import { joinStream } from "./read-stream.ts";
import { ServedModelError } from "./served-model-error.ts";

/** One completion of a prompt. */
export interface ServedCompletion {
  /** Decoded without special tokens. */
  text: string;
  /** What a server with a reasoning parser took out of the text. */
  reasoning?: string;
  /** The tokens themselves, the one that ended it included; only from vLLM. */
  tokenIds?: number[];
  /** Of each token, in nats; raw or processed, as the server was started. */
  logprobs?: number[];
  /** `stop`: it ended; `length`: it was cut at maxCompletionLength, or at the model's length. Servers know others. */
  finishReason: string;
}

export interface ServedReply {
  /** In the order of their index. */
  choices: ServedCompletion[];
  /** The prompt as the server's processor made it; only from vLLM. */
  promptTokenIds?: number[];
  usage?: { promptTokens: number; completionTokens: number };
  /** The model that answered, if the server says it. */
  model?: string;
  /** The address of the server that answered. */
  server: string;
}

const ids = z.array(z.int()).nullish();
const Reply = z.looseObject({
  choices: z.array(
    z.looseObject({
      index: z.int(),
      message: z.looseObject({
        content: z.string().nullish(),
        reasoning: z.string().nullish(),
        reasoning_content: z.string().nullish(),
        refusal: z.string().nullish(),
      }),
      finish_reason: z.string().nullish(),
      token_ids: ids,
      logprobs: z.looseObject({ content: z.array(z.looseObject({ logprob: z.number() })).nullish() }).nullish(),
    }),
  ),
  prompt_token_ids: ids,
  model: z.string().nullish(),
  usage: z.looseObject({ prompt_tokens: z.int(), completion_tokens: z.int().nullish() }).nullish(),
});
type Choice = z.infer<typeof Reply>["choices"][number];

/**
 * Reads a reply of status 200 to a chat request, at once or streamed.
 *
 * @param count - Completions that were asked for.
 * @param secret - Kept out of messages.
 * @throws {ServedModelError} REPLY_BROKEN, if it is no answer: no JSON, without choices or text, ended by the server, other
 * choices than asked for; REQUEST_REFUSED, if the model refused by the protocol's `refusal`.
 */
export function readReply(reply: HttpReply, server: string, count: number, secret?: string): ServedReply {
  const broken = (problem: string, hint = "Is this the address of a chat server? Its own log says what it sent.") => {
    const said = excerpt(reply.text, secret);
    return new ServedModelError("REPLY_BROKEN", { server, status: reply.status, problem, said, hint });
  };
  const isStream = /event-stream/.test(reply.headers["content-type"] ?? "");
  const body = isStream ? joinStream(reply.text) : parseJson(reply.text);
  if (body === undefined) throw broken(isStream ? "the stream ends early, or is none" : "the reply is no JSON");
  if (typeof body === "object" && body !== null && "error" in body && body.error) throw broken("the reply is an error");
  const { data, error } = Reply.safeParse(body);
  if (!data) {
    const { path, message } = error.issues[0]!;
    throw broken(`the reply is no chat completion (${path.join(".") || "as a whole"}: ${message})`);
  }
  const choices = data.choices.toSorted((a, b) => a.index - b.index);
  if (choices.length !== count || choices.some(({ index }, i) => index !== i)) {
    const found = choices.map(({ index }) => index).join(", ");
    throw broken(`the reply has the choices [${found}] where ${count} were asked for, from 0`);
  }
  const { prompt_token_ids: prompt, usage, model } = data;
  return {
    choices: choices.map((choice) => completionOf(choice, broken, server)),
    ...(prompt && { promptTokenIds: prompt }),
    ...(model && { model }),
    ...(usage && { usage: { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens ?? 0 } }),
    server,
  };
}

type Broken = (problem: string, hint?: string) => ServedModelError;

function completionOf({ message, finish_reason, token_ids, logprobs }: Choice, broken: Broken, server: string) {
  if (message.refusal) {
    const hint = "The server's policy refuses this prompt; it will again.";
    const said = excerpt(message.refusal);
    throw new ServedModelError("REQUEST_REFUSED", { server, problem: "the model refuses", said, hint });
  }
  const reasoning = message.reasoning ?? message.reasoning_content;
  const text = message.content ?? (typeof reasoning === "string" ? "" : undefined);
  if (text === undefined) throw broken("the reply has no text");
  if (!finish_reason) throw broken("the reply does not say why it ended");
  if (finish_reason === "abort" || finish_reason === "error") {
    throw broken(`the server ended the completion itself (finish_reason ${finish_reason})`, "It may have been paused.");
  }
  const values = logprobs?.content?.map(({ logprob }) => logprob);
  if (token_ids && values && token_ids.length !== values.length) {
    throw broken(`the reply has ${token_ids.length} tokens and ${values.length} log-probabilities`);
  }
  return {
    text,
    ...(reasoning && { reasoning }),
    ...(token_ids && { tokenIds: token_ids }),
    ...(values && { logprobs: values }),
    finishReason: finish_reason,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
