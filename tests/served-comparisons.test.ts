/** What the comparison of servers with the policy sees, and what it says: the policy and the server's model are ours. */
import { clipLoader, readExamples } from "@videor1/data";
import { loadModel, type Qwen25VL } from "@videor1/model-qwen25vl";
import { loadProcessor, type Processor } from "@videor1/processor-qwen25vl";
import { compareServer, type LogpsOf, RlConfig, serverProbe } from "@videor1/rl";
import { createServedModel } from "@videor1/served-model";
import { beforeAll, expect, test } from "vitest";
import type { Misreading } from "./model-server.ts";
import { servedRuns } from "./served-runs.ts";
import type { SmallData } from "./small-data.ts";

const { make, otherModel, serve } = servedRuns();
let small: SmallData;
let processor: Processor;
let policy: Qwen25VL;
beforeAll(async () => {
  small = await make();
  processor = await loadProcessor(small.init);
  policy = await loadModel(small.init);
});

const logpsOf: LogpsOf = async (row, ids, temperature) => {
  const completions = { ids: Int32Array.from(ids), lengths: Int32Array.of(ids.length), promptOf: Int32Array.of(0) };
  return await policy.logprobs(processor.batch([row]), completions, { temperature }).logps.data();
};

/** Compares the server of a folder, that reads as it is told, with the policy; `rollout` are settings of the run. */
async function compare(folder: string, misreading: Misreading = {}, rollout: object = {}) {
  const { double } = await serve(folder, { misreading });
  const config = RlConfig.parse({
    model: small.init,
    outputDir: "out",
    data: {
      records: `${small.data}/rl.json`,
      media: { mediaRoot: small.data, nframes: 8, videoMinPixels: 3136 },
      prompt: { template: "question", system: null },
    },
    rollout: { ...rollout, server: { urls: [double.url], model: "base", folder: "policies", check: { tokens: 16 } } },
  });
  const example = (await readExamples(config.data.records)).find(({ dataType }) => dataType === "video")!;
  const load = clipLoader(config.data.media, { seed: 0, check() {} });
  const media = { ordered: (await load(example)).map((clip) => processor.resize(clip)) };
  const probe = serverProbe({ example, media, seed: 7 }, config, processor);
  const client = createServedModel({ urls: [double.url], maxTries: 1 });
  return await compareServer({ probe, config, model: "base", ask: (request) => client.completeAll(request), logpsOf });
}

test("a server that sees the same agrees, and every mistake would show", async () => {
  const { tokenIds, difference, nearestMistake } = await compare(small.init);
  expect(tokenIds).toHaveLength(16);
  expect(difference.max).toBeLessThan(1e-4);
  expect(nearestMistake!.mean).toBeGreaterThan(0.01);
});

test.each<[string, Misreading, RegExp]>([
  ["another rate", { ignoresRate: true }, /it sees the clip at 1 frames a second/],
  ["the frames in another order", { backwards: true }, /it sees the clip with the frames backwards/],
  ["other pixels", { inverts: true }, /of the question without its media they are/],
])("%s is told", async (_, misreading, message) => {
  await expect(compare(small.init, misreading)).rejects.toMatchObject({
    code: "SERVER_SETUP",
    message: expect.stringMatching(message),
    hint: expect.stringMatching(/\w/),
  });
});

test("another model is told", async () => {
  const other = await otherModel("other", { seed: 1 });
  await expect(compare(other)).rejects.toThrow("of the question without its media they are not either");
});

test("processed log-probabilities are refused, unless they are the model's own", async () => {
  await expect(compare(small.init, { processed: true }, { topP: 0.9 })).rejects.toMatchObject({
    message: expect.stringContaining("log-probabilities of the distribution that it samples from"),
    hint: expect.stringContaining("--logprobs-mode"),
  });
  const agreed = await compare(small.init, { processed: true }, { topP: 1 });
  expect(agreed.tokenIds).toHaveLength(16);
});
