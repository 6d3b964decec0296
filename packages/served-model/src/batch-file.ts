import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { ChatRequest } from "./chat-request.ts";
import { excerpt } from "./excerpt.ts";
import { readReply, type ServedReply } from "./read-reply.ts";
import { refusalOf } from "./refusal.ts";
import { ServedModelError } from "./served-model-error.ts";

/**
 * A line, with its line break, of a batch file for OpenAI or `vllm run-batch`.
 *
 * @param customId - Comes back with the answer; must be unique in the file.
 * @throws {ServedModelError} REQUEST_IMPOSSIBLE, if the request names no model.
 */
export function batchLine(customId: string, request: ChatRequest): string {
  if (request.model === undefined) {
    const hint = "Give chatRequest the model's name.";
    throw new ServedModelError("REQUEST_IMPOSSIBLE", {
      problem: `Request ${customId} of a batch names no model`,
      hint,
    });
  }
  return `${JSON.stringify({ custom_id: customId, method: "POST", url: "/v1/chat/completions", body: request })}\n`;
}

/** What became of one request of a batch. */
export interface BatchAnswer {
  customId: string;
  /** 1-based, in the output file. */
  line: number;
  /** The completions, or why there are none. */
  result: ServedReply | ServedModelError;
}

const OutputLine = z.looseObject({
  custom_id: z.string(),
  response: z.looseObject({ status_code: z.int(), body: z.unknown().optional() }).nullish(),
  error: z.unknown().optional(),
});

/**
 * Reads the output file of a batch line by line, in the file's order, which is not the order of the requests. Failed requests
 * are in it, or in OpenAI's error file, which has the same form.
 *
 * @throws {ServedModelError} REPLY_BROKEN, naming the line, if a line is no output of a batch, or an id comes twice.
 */
export async function* readBatchOutput(path: string): AsyncGenerator<BatchAnswer, void, void> {
  const seen = new Set<string>();
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    line += 1;
    if (text.trim() === "") continue;
    const place = `${path}, line ${line}`;
    const { custom_id: customId, response, error } = parseLine(text, place);
    if (seen.has(customId)) throw brokenLine(place, `custom_id ${customId} comes twice`);
    seen.add(customId);
    yield { customId, line, result: resultOf(response, error, place) };
  }
}

function parseLine(text: string, place: string): z.infer<typeof OutputLine> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw brokenLine(place, "is no JSON", excerpt(text));
  }
  const { data, error } = OutputLine.safeParse(json);
  if (data) return data;
  const { path, message } = error.issues[0]!;
  throw brokenLine(place, `is no output of a batch (${path.join(".")}: ${message})`, excerpt(text));
}

function resultOf(
  response: z.infer<typeof OutputLine>["response"],
  error: unknown,
  place: string,
): ServedReply | ServedModelError {
  const { status_code: status, body } = response ?? { status_code: 500 };
  // vLLM gives a failed request its error reply as `error`, OpenAI the error alone
  const said = body ?? (error instanceof Object && "error" in error ? error : { error });
  const reply = { status, headers: {}, text: typeof said === "string" ? said : JSON.stringify(said) };
  if (status !== 200) return refusalOf(reply, place);
  const asked = z.object({ choices: z.array(z.unknown()) }).safeParse(body);
  try {
    return readReply(reply, place, asked.data?.choices.length || 1);
  } catch (broken) {
    if (broken instanceof ServedModelError) return broken;
    throw broken;
  }
}

function brokenLine(place: string, problem: string, said?: string): ServedModelError {
  const hint = "Give the output file of `vllm run-batch -o`, or of an OpenAI batch.";
  return new ServedModelError("REPLY_BROKEN", { server: place, problem, said, hint });
}
