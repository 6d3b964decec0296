import { ServedModelError, type ServedReply } from "@videor1/served-model";
import { expect, test } from "vitest";
import { readHalf } from "./read-half.ts";

const policy = {
  version: 3,
  push: "adapter",
  model: "run-v3",
  folder: "/p/run-v3",
  servers: [],
  endTokenIds: [2],
} as const;
const completion = { text: "a", tokenIds: [7, 8, 2], logprobs: [-1, -2, -0.5], finishReason: "stop" };
const reply: ServedReply = { choices: [completion], promptTokenIds: [1, 5], model: "run-v3", server: "http://a/v1" };
const read = (changes: Partial<ServedReply>, choice: Partial<ServedReply["choices"][number]> = {}) =>
  readHalf({ ...reply, choices: [{ ...completion, ...choice }], ofOtherWeights: 0, ...changes }, policy, 4);

test("a reply as completions of the policy", () => {
  expect(read({})).toMatchObject({
    policyVersion: 3,
    promptTokenIds: [1, 5],
    completions: [{ completionIds: Int32Array.of(7, 8, 2), logps: Float32Array.of(-1, -2, -0.5), isTruncated: false }],
  });
  const cut = read({}, { tokenIds: [7, 8, 9, 151656], logprobs: [-1, -1, -1, -1], finishReason: "length" });
  expect(cut.completions[0]!.isTruncated).toBe(true); // a pad is a token like others
});

test.each<[string, Partial<ServedReply>, Partial<ServedReply["choices"][number]>, string, string]>([
  ["another model", { model: "base" }, {}, "REPLY_BROKEN", "base answered in the place of run-v3"],
  [
    "no prompt ids",
    { promptTokenIds: undefined as never },
    {},
    "SERVER_SETUP",
    "does not return the prompt's token ids",
  ],
  ["no tokens", {}, { tokenIds: [] }, "SERVER_SETUP", "no token ids or log-probabilities"],
  [
    "an end of its own",
    {},
    { tokenIds: [7, 0], logprobs: [-1, -1] },
    "SERVER_SETUP",
    "ended a completion with token 0",
  ],
  [
    "less room than asked for",
    {},
    { tokenIds: [7, 8, 9], finishReason: "length" },
    "REPLY_BROKEN",
    "cut a completion after 3 of 4 tokens",
  ],
  ["a log-probability above 0", {}, { logprobs: [-1, 3, -1] }, "SERVER_SETUP", "a log-probability is 3, above 0"],
  ["an answer of NaN", {}, { logprobs: [-9999, -9999, -9999] }, "SERVER_SETUP", "no log-probability is a number"],
])("%s is no answer", (_, changes, choice, code, message) => {
  expect(() => read(changes, choice)).toThrow(
    expect.objectContaining({ name: ServedModelError.name, code, message: expect.stringContaining(message) }),
  );
});
