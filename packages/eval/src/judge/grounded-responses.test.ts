import { expect, test } from "vitest";
import { goldenItems } from "../../test/recorded-scores.ts";
import { groundedMessages, groundedResponses, readGrounded } from "./grounded-responses.ts";
import type { JudgedOutput } from "./judge-cache.ts";

test.each([
  ["<think>It says before.</think><answer>yes</answer>", true],
  ["<think>yes or no?</think>\n<answer> No </answer>", false],
  ["<answer>perhaps</answer>", undefined],
  ["yes", undefined],
  ["", undefined],
])("%j", (reply, verdict) => {
  expect(readGrounded(reply)).toBe(verdict);
});

test("the question stands before the paper's words, the response after them", () => {
  const [message] = groundedMessages("Which came first?", "The cat, then the dog.");
  expect(message!.content).toMatch(/^Which came first\? You are given a question about a video/);
  expect(message!.content).toMatch(/<\/answer> tags\.\n\nResponse: The cat, then the dog\.$/);
});

test("the share is of the responses with a verdict; replies are kept, those without a verdict are not", async () => {
  const items = [...goldenItems("vsi-bench").values()].slice(0, 5);
  const kept = new Map<string, string>();
  const cache = {
    get: (of: JudgedOutput) => kept.get(JSON.stringify(of)),
    put: (of: JudgedOutput, reply: string) => void kept.set(JSON.stringify(of), reply),
    close: () => {},
  };
  const options = {
    items,
    responses: ["then", "red", "hm", undefined, "after that"],
    model: "m",
    cache,
    judge: async ([message]: readonly { content: string }[]) => {
      const response = message!.content.split("Response: ")[1]!;
      return response === "hm" ? "?" : `<answer>${/then|after/.test(response) ? "yes" : "no"}</answer>`;
    },
  };
  const first = await groundedResponses(options);
  expect(first).toMatchObject({ share: { n: 3, mean: 2 / 3 }, asked: 4, cached: 0, failed: [{ id: items[2]!.id }] });
  const second = await groundedResponses(options);
  expect(second).toMatchObject({ share: first.share, asked: 1, cached: 3 });
});
