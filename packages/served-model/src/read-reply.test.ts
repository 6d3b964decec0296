import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recorded } from "../test/recorded.ts";
import { readReply } from "./read-reply.ts";
import { ServedModelError } from "./served-model-error.ts";

const asJson = (body: unknown) => ({ status: 200, headers: {}, text: JSON.stringify(body) });
const asStream = (text: string) => ({
  status: 200,
  headers: { "content-type": "text/event-stream; charset=utf-8" },
  text,
});
const read = (body: unknown, count = 1) => readReply(asJson(body), "http://a/v1", count);

describe("replies of a real vLLM", () => {
  test.each(["chat-video", "chat-image", "chat-text", "chat-video-greedy", "chat-video-n8"])("%s", (name) => {
    const { body } = recorded(name).response;
    const { choices, promptTokenIds, usage } = read(body, body.choices.length);
    expect(promptTokenIds).toEqual(body.prompt_token_ids);
    expect(usage!.promptTokens).toBe(promptTokenIds!.length);
    expect(usage!.completionTokens).toBe(choices.reduce((sum, { tokenIds }) => sum + tokenIds!.length, 0));
    for (const [i, { text, tokenIds, logprobs, finishReason }] of choices.entries()) {
      const choice = body.choices[i];
      expect([text, tokenIds, finishReason]).toEqual([choice.message.content, choice.token_ids, choice.finish_reason]);
      expect(logprobs).toEqual(choice.logprobs.content.map((token: { logprob: number }) => token.logprob));
    }
  });

  test("chat-stream is the beginning of the same completion", () => {
    const whole = read(recorded("chat-video").response.body);
    const { choices, promptTokenIds, usage } = readReply(asStream(recorded("chat-stream").response.body), "a", 1);
    const [begun, ended] = [choices[0]!, whole.choices[0]!];
    expect(promptTokenIds).toEqual(whole.promptTokenIds);
    expect(begun.tokenIds).toEqual(ended.tokenIds!.slice(0, 3));
    expect(begun.logprobs).toEqual(ended.logprobs!.slice(0, 3));
    expect(ended.text.startsWith(begun.text)).toBe(true);
    expect([begun.finishReason, usage]).toEqual(["length", { promptTokens: 35, completionTokens: 3 }]);
  });

  test("pause-abort-chat is no answer", () => {
    expect(() => read(recorded("pause-abort-chat").response.body)).toThrow("finish_reason abort");
  });
});

const reply = (choice: object = {}, message: object = {}) => ({
  choices: [{ index: 0, message: { content: "hello", ...message }, finish_reason: "stop", ...choice }],
});
const event = (json: object) => `data: ${JSON.stringify(json)}\n\n`;
const delta = (content: string, finish_reason: string | null = null) =>
  event({ choices: [{ index: 0, delta: { content }, finish_reason }] });

describe("what is no answer is refused", () => {
  test.each([
    ["choices of another type", { choices: "none" }, "no chat completion (choices: "],
    ["another number of choices", { choices: [] }, "choices [] where 1 were asked for"],
    ["an index twice", { choices: [...reply().choices, ...reply().choices] }, "choices [0, 0] where 1"],
    ["no text", reply({}, { content: null }), "has no text"],
    ["no reason of the end", reply({ finish_reason: null }), "does not say why it ended"],
    ["an error with status 200", { error: { message: "out of memory" } }, "is an error: out of memory"],
    ["null", null, "no chat completion (as a whole: "],
    [
      "tokens without their log-probabilities",
      reply({ token_ids: [1, 2], logprobs: { content: [{ logprob: -1 }] } }),
      "2 tokens and 1 log-probabilities",
    ],
  ])("%s", (_, body, message) => {
    expect(() => read(body)).toThrow(message);
  });

  test.each([
    ["cut between events", delta("hel"), "the stream ends early"],
    ["cut in an event", `${delta("hel")}data: {"choices":[{"ind`, "the stream ends early"],
    ["without a reason of the end", `${delta("hello")}data: [DONE]\n\n`, "does not say why it ended"],
    ["with an error", `${delta("hel")}${event({ error: { message: "engine dead" } })}`, "is an error: data: "],
  ])("a stream %s", (_, text, message) => {
    expect(() => readReply(asStream(text), "http://a/v1", 1)).toThrow(message);
  });

  test("a refusal is the model's, and stays", () => {
    expect(() => read(reply({}, { content: null, refusal: "I cannot." }))).toThrow(
      expect.objectContaining({ code: "REQUEST_REFUSED", message: "http://a/v1: the model refuses: I cannot." }),
    );
  });
});

test("reasoning that a server took out of the text is beside it", () => {
  expect(read(reply({}, { content: null, reasoning: "let me think" })).choices[0]).toMatchObject({
    text: "",
    reasoning: "let me think",
  });
  const stream = `${event({ choices: [{ index: 0, delta: { reasoning_content: "hm" } }] })}${delta("B", "stop")}data: [DONE]\n\n`;
  expect(readReply(asStream(stream), "a", 1).choices[0]).toEqual({ text: "B", reasoning: "hm", finishReason: "stop" });
});

test("events may be split by CRLF, and comments between them are ignored", () => {
  const text = `: ping\r\n\r\n${delta("a").replaceAll("\n", "\r\n")}${delta("b", "stop")}data: [DONE]\r\n\r\n`;
  expect(readReply(asStream(text), "a", 1).choices[0]!.text).toBe("ab");
});

describe("nonsense is an error that says so, never another", () => {
  const keys = [
    "choices",
    "index",
    "message",
    "content",
    "delta",
    "error",
    "logprobs",
    "token_ids",
    "finish_reason",
    "usage",
  ];
  const key = fc.constantFrom(...keys);
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(null, 0, 7, -1.5, "", "stop", true),
      fc.array(tie("any"), { maxLength: 3 }),
      fc.dictionary(key, tie("any"), { maxKeys: 5 }),
    ),
  })).any;
  const isAnswerOrError = (act: () => unknown): boolean => {
    try {
      act();
      return true;
    } catch (error) {
      return error instanceof ServedModelError && error.hint !== "";
    }
  };

  test("at once", () => {
    fc.assert(fc.property(value, (body) => isAnswerOrError(() => read(body))));
  });

  test("streamed", () => {
    const stream = fc.array(value, { maxLength: 4 }).map((chunks) => {
      return `${chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("")}data: [DONE]\n\n`;
    });
    fc.assert(fc.property(stream, (text) => isAnswerOrError(() => readReply(asStream(text), "a", 1))));
  });
});
