import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import type { BenchmarkExample, Prediction } from "./prediction.ts";
import { type Answerer, runBenchmark } from "./run.ts";

const examples = Array.from({ length: 20 }, (_, problemId): BenchmarkExample => {
  return { problemId, problemType: "free-form", solution: "<answer>A</answer>", dataSource: "source" };
});

test("as many calls run at a time as are allowed, each example is asked once, and the results keep their order", async () => {
  let running = 0;
  let most = 0;
  const ended: number[] = [];
  const answer: Answerer<BenchmarkExample> = async ([example]) => {
    most = Math.max(most, ++running);
    await delay((7 * Number(example!.problemId)) % 5);
    running--;
    ended.push(Number(example!.problemId));
    return [`answer ${example!.problemId}`];
  };
  const predictions = await runBenchmark({ examples, answer, concurrency: 4 });
  expect(most).toBe(4);
  expect(ended.toSorted((a, b) => a - b)).toEqual(examples.map(({ problemId }) => problemId));
  expect(predictions.map(({ problemId }) => problemId)).toEqual(examples.map(({ problemId }) => problemId));
});

test("an error that ends the run stops the other calls' successors", async () => {
  const asked: number[] = [];
  const answer: Answerer<BenchmarkExample> = async ([example]) => {
    asked.push(Number(example!.problemId));
    await delay(1);
    return example!.problemId === 1 ? ["one", "too many"] : ["ok"];
  };
  const run = runBenchmark({ examples, answer, concurrency: 3 });
  await expect(run).rejects.toThrow("got 2 for 1");
  expect(asked.length).toBeLessThan(8);
});

test("what is known of an answer, and the code of a failure, are kept", async () => {
  const [first, second] = examples;
  const kept: Prediction[] = [];
  const store = { stored: [], append: async (prediction: Prediction) => void kept.push(prediction) };
  const missing = Object.assign(new Error("no file"), { code: "MEDIA_NOT_FOUND" });
  const clips = [{ indices: [0, 4], timestamps: [0, 2] }];
  const answer: Answerer<BenchmarkExample> = async () => [
    { output: "A", finishReason: "length", completionTokens: 8, clips },
    missing,
  ];
  await runBenchmark({ examples: [{ ...first!, benchmark: "mmvu" }, second!], answer, batchSize: 2, store });
  expect(kept).toMatchObject([
    { benchmark: "mmvu", status: "answered", output: "A", finishReason: "length", completionTokens: 8, clips },
    { status: "failed", reason: "Error: no file", code: "MEDIA_NOT_FOUND" },
  ]);
  expect(kept[1]).not.toHaveProperty("benchmark");
});
