import type { LoadedClip } from "@videor1/data";
import type { ProcessorConfig } from "@videor1/processor-qwen25vl";
import { type ChatRequest, serverControl } from "@videor1/served-model";
import {
  type Misbehaviour,
  type ServerDouble,
  type ServerDoubleOptions,
  startServerDouble,
} from "@videor1/served-model/double";
import { TgrpoOptions } from "@videor1/tgrpo";
import { afterEach, expect, test } from "vitest";
import { clipOrders } from "../clip-orders.ts";
import { RlConfig } from "../config.ts";
import type { Job } from "../job.ts";
import { askServers } from "./ask-servers.ts";
import type { ServedPolicy } from "./served-policy.ts";
import { servedSampler } from "./served-sampler.ts";
import { isAnswered } from "./served-samples.ts";

const doubles: ServerDouble[] = [];
afterEach(async () => {
  await Promise.all(doubles.splice(0).map((double) => double.stop()));
});

const folder = import.meta.dirname; // one that is there
const complete: NonNullable<ServerDoubleOptions["complete"]> = async ({ n = 1, seed, model }) => {
  const ids = (index: number) => [10 + ((seed as number) % 7), index, model === "run-v1" ? 1 : 0, 2];
  const choices = [...Array(n).keys()].map((index) => {
    return { index, text: "", tokens: { ids: ids(index), logprobs: [-1, -1, -1, -1] } };
  });
  return { ids: [1], choices };
};

async function open(options: ServerDoubleOptions = {}, server: object = {}) {
  const asked: ChatRequest[] = [];
  const onRequest = (request: ChatRequest) => void asked.push(request);
  const double = await startServerDouble({ model: "base", complete, onRequest, ...options });
  doubles.push(double);
  const config = RlConfig.parse({
    model: "m",
    outputDir: "run",
    data: { records: "r", media: { mediaRoot: "." } },
    lora: { rank: 4, alpha: 8 },
    rollout: {
      numGenerations: 4,
      maxCompletionLength: 16,
      server: { urls: [double.url], model: "base", folder, waitSeconds: 0, ...server },
    },
  });
  const policy: ServedPolicy = {
    version: 1,
    push: "adapter",
    model: "run-v1",
    folder,
    servers: [double.url],
    endTokenIds: [2],
  };
  const ask = askServers(config.rollout.server!, {});
  const sample = servedSampler(config, ask);
  return { asked, double, policy, sample: (jobs: readonly Job[]) => sample(jobs.map(drawn), policy) };
}

const drawn = ({ media, ...job }: Job) => ({ ...job, media: async () => media });

function job(id: number, frames = 4): Job {
  const clip: LoadedClip = {
    kind: "video",
    rgb: Uint8Array.from({ length: frames * 28 * 28 * 3 }, (_, i) => Math.floor(i / (28 * 28 * 3)) + id),
    frames,
    height: 28,
    width: 28,
    fps: 2,
    resized: true,
    indices: [...Array(frames).keys()],
    minPixels: 1,
    maxPixels: 1e9,
    resizeRules: "qwenVlUtils",
  } as LoadedClip;
  const question = { problem: "What?", options: [], solution: "<answer>1</answer>", path: `${id}.mp4` };
  const example = { ...question, problemId: id, dataSource: "s", problemType: "numerical", dataType: "video" } as const;
  const asked = { example: example as Job["example"], seed: 100 + id };
  const orders = clipOrders({ ...asked, clips: [clip] }, TgrpoOptions.parse({}).tgrpo, {
    video: {},
  } as ProcessorConfig);
  return { ...asked, id: `1/0/${id}`, media: { ...orders, framesHash: "" } };
}

test("a job is two requests, in order and shuffled, with seeds that no completions share", async () => {
  const { asked, sample, policy } = await open();
  const samples = await sample([job(1), job(2)]);
  expect(Object.keys(samples)).toEqual(["1/0/1", "1/0/2"]);
  expect(asked.map(({ n, model }) => [n, model]).sort()).toEqual([2, 2, 4, 4].map((n) => [n, policy.model]));
  const seeds = asked.flatMap(({ seed, n }) => [...Array(n).keys()].map((i) => (seed as number) + i));
  expect(new Set(seeds).size).toBe(12);
  const uuids = asked.flatMap(({ messages }) => JSON.stringify(messages).match(/"uuid":"[0-9a-f]{64}"/g) ?? []);
  expect(new Set(uuids).size).toBe(4);
  for (const request of asked)
    expect(request).toMatchObject({
      temperature: 1,
      top_p: 0.95,
      top_k: -1,
      min_p: 0,
      repetition_penalty: 1,
      max_completion_tokens: 16,
      logprobs: true,
      return_token_ids: true,
      stop_token_ids: [2],
      mm_processor_kwargs: { do_resize: false },
      media_io_kwargs: { video: { fps: 2, num_frames: -1 } },
    });
  const framesOf = (n: number) =>
    asked
      .filter((request) => request.n === n)
      .map(({ messages }) => /base64,([^"]*)/.exec(JSON.stringify(messages))![1]!.split(","));
  expect(framesOf(2).map((files) => files.toSorted())).toEqual(framesOf(4).map((files) => files.toSorted()));
  expect(framesOf(2)).not.toEqual(framesOf(4));
  const again = await (await open()).sample([job(1), job(2)]);
  expect(again).toEqual(samples);
});

const kinds: readonly Misbehaviour[] = [
  "rate-limit",
  "fail",
  "unavailable",
  "refuse-page",
  "cut",
  "close",
  "page",
  "half-json",
  "no-choices",
  "null-content",
  "wrong-index",
  "abort",
];

test.each(kinds)(
  "%s: each answer is taken once",
  async (kind) => {
    const { double, sample } = await open({ misbehave: { kinds: [kind], share: 1, times: 1 } });
    const samples = Object.values(await sample([job(1)]));
    expect(
      samples.map((ends) => isAnswered(ends) && [ends.ordered.completions.length, ends.permuted!.completions.length]),
    ).toEqual([[4, 2]]);
    expect(double.counts).toEqual({ [kind]: 2, answered: 2 });
  },
  20_000,
);

test("a request that the server refuses is not repeated, and others are answered", async () => {
  const { double, sample } = await open({ trustsKwargs: false });
  const ends = Object.values(await sample([job(1)]));
  expect(ends).toEqual([{ unanswered: expect.stringContaining("refuses the request (400)") }]);
  expect(double.counts).toEqual({ refused: 2 });
});

test("an adapter that the server has lost is loaded again, once", async () => {
  const { double, sample } = await open();
  await sample([job(1)]);
  expect(double.calls).toEqual(["POST /v1/load_lora_adapter run-v1"]); // by whom asks first
  double.engine.restart();
  const samples = await sample([job(2), job(3)]);
  expect(Object.values(samples).every(isAnswered)).toBe(true);
  expect(double.calls).toHaveLength(2);
});

test("a server that another program paused is called paused", async () => {
  const { double, sample } = await open({}, { timeoutSeconds: 0.2, maxTries: 1 });
  await sample([job(1)]);
  await serverControl(double.url).pause();
  expect(await sample([job(2)])).toEqual({ "1/0/2": { unanswered: expect.stringContaining("the server is paused") } });
});

test("servers that are gone end the sampling, as one that was not compared with the policy", async () => {
  const { double, sample } = await open();
  await double.stop();
  await expect(sample([job(1)])).rejects.toMatchObject({ code: "SERVERS_DOWN" });
  const other = await open();
  Object.assign(other.policy, { servers: [] });
  await expect(other.sample([job(1)])).rejects.toThrow("has not been compared with the policy yet");
});
