/** The loss of SFT against the log-probabilities of whole conversations, token by token. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dispose } from "@tensorflow/tfjs-core";
import { loadConfig } from "@videor1/cli";
import { assistantText, type Example, loadClips, messages, readExamples } from "@videor1/data";
import { loadModel, type Qwen25VL } from "@videor1/model-qwen25vl";
import { loadProcessor, type Processor } from "@videor1/processor-qwen25vl";
import { SftConfig } from "@videor1/sft";
import { afterAll, beforeAll, expect, test } from "vitest";
import { summedLoss } from "../apps/sft/src/loss.ts";
import type { Job } from "../apps/sft/src/protocol.ts";
import { makeSmallData } from "./small-data.ts";

const work = mkdtempSync(join(tmpdir(), "sft-loss-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
let config: SftConfig;
let model: Qwen25VL;
let processor: Processor;
let jobs: Job[];
beforeAll(async () => {
  const { sft, init, data } = await makeSmallData(work);
  const [file, ...settings] = sft;
  config = loadConfig(SftConfig, file!, settings);
  model = await loadModel(init);
  processor = await loadProcessor(init);
  const examples = await readExamples(join(data, "sft-reason.json"));
  const some = [...examples.slice(0, 3), examples.find(({ dataType }) => dataType === "image")!];
  jobs = await Promise.all(
    some.map(async (example) => ({ example, clips: await loadClips(example, config.data.media) })),
  );
});

/** ids and log p of every token but the first of one conversation alone: no padding, no shared prompt. */
async function tokensOf({ example, clips }: Job): Promise<{ ids: number[]; logps: number[] }> {
  const inputs = processor([messages(example, { stage: "sft", ...config.data.prompt })], [clips], {});
  const { logps, entropy } = model.logprobs(inputs);
  const values = [...(await logps.data())];
  dispose([logps, entropy]);
  return { ids: [...inputs.inputIds.data].slice(1), logps: values };
}

/** Value and tokens of the app's loss. */
async function lossOf(jobs: readonly Job[], lossOn: SftConfig["lossOn"]) {
  const { loss, tokens } = summedLoss(model, processor, jobs, { ...config, lossOn });
  const value = loss();
  const [sum] = await value.data();
  dispose([value]);
  return { sum: sum!, tokens };
}

const answerIds = (example: Example) => processor.tokenizer.encode(assistantText(example));

test("assistant: the answer and its end token, of a padded batch with shared prompts", async () => {
  let [sum, tokens] = [0, 0];
  for (const job of jobs) {
    const { ids, logps } = await tokensOf(job);
    const answer = [...answerIds(job.example), model.generationConfig.eosTokenIds[0]!];
    const start = ids.findIndex((_, i) => answer.every((id, k) => ids[i + k] === id));
    expect(start).toBeGreaterThan(0);
    sum -= logps.slice(start, start + answer.length).reduce((a, b) => a + b, 0);
    tokens += answer.length;
  }
  const loss = await lossOf(jobs, "assistant");
  expect(loss.tokens).toBe(tokens);
  expect(Math.abs(loss.sum / sum - 1)).toBeLessThan(1e-5);
});

test("all: every token of the conversation but padding and image pads, video pads included", async () => {
  const { imageTokenId, videoTokenId } = model.config;
  let [sum, tokens, videoPads] = [0, 0, 0];
  for (const job of jobs) {
    const { ids, logps } = await tokensOf(job);
    for (const [i, id] of ids.entries()) {
      if (id === imageTokenId) continue;
      sum -= logps[i]!;
      tokens++;
      if (id === videoTokenId) videoPads++;
    }
  }
  const loss = await lossOf(jobs, "all");
  expect(videoPads).toBeGreaterThan(0);
  expect(loss.tokens).toBe(tokens);
  expect(Math.abs(loss.sum / sum - 1)).toBeLessThan(1e-5);
});
