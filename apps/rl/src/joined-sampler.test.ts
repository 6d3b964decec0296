import type { OnSamples, SampleRequest, Samples } from "@videor1/tgrpo";
import { expect, test } from "vitest";
import { joinedSampler } from "./joined-sampler.ts";

const request = (promptId: string): SampleRequest<string> => ({
  promptId,
  order: "ordered",
  input: promptId,
  count: 1,
});
const samplesOf = (promptId: string): Samples => ({
  completions: [{ completionIds: Int32Array.of(promptId.charCodeAt(0)) }],
  policyVersion: 0,
});

test("so many calls are one call; each caller gets its own samples, and is told of them as they come", async () => {
  const asked: string[][] = [];
  const told: string[] = [];
  const inner = {
    async generate(requests: readonly SampleRequest<string>[], onSamples?: OnSamples) {
      asked.push(requests.map(({ promptId }) => promptId));
      for (const i of [...requests.keys()].reverse()) onSamples!(i, samplesOf(requests[i]!.promptId));
      return requests.map(({ promptId }) => samplesOf(promptId));
    },
  };
  const sampler = joinedSampler(inner, 3);
  const call = (name: string, ...ids: string[]) =>
    sampler.generate(ids.map(request), (i, samples) => {
      told.push(`${name} ${i}`);
      expect(samples).toEqual(samplesOf(ids[i]!));
    });
  const replies = await Promise.all([call("first", "a", "b"), call("second"), call("third", "c")]);
  expect(asked).toEqual([["a", "b", "c"]]);
  expect(told).toEqual(["third 0", "first 1", "first 0"]);
  expect(replies).toEqual([[samplesOf("a"), samplesOf("b")], [], [samplesOf("c")]]);
});

test("what the sampler fails with, all callers do", async () => {
  const sampler = joinedSampler<string>({ generate: () => Promise.reject(new Error("no number")) }, 2);
  const calls = ["a", "b"].map((id) => sampler.generate([request(id)]));
  expect(await Promise.allSettled(calls)).toMatchObject(
    Array(2).fill({ status: "rejected", reason: { message: "no number" } }),
  );
});
