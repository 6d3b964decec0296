// npm run bench:steps [-- --steps 500]
// Times of the steps of npm start on the embedded engine, on one thread: one table, and the same as JSON on the last line.
// `--steps` also runs that many training steps and reports the memory that they leak.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { add, dispose, memory, mul, randomNormal, type Scalar, sum, tidy } from "@tensorflow/tfjs-core";
import { initEngine, valueAndGrads } from "@videor1/engine";
import { timeRuns } from "@videor1/engine/test";
import { completionsOf, createModel, parseConfig } from "@videor1/model-qwen25vl";
import { loadProcessor } from "@videor1/processor-qwen25vl";
import { qwenSampler } from "@videor1/rl";
import { TgrpoOptions } from "@videor1/tgrpo";
import { adamw, clipFactor, type Gradients } from "@videor1/train";
import { ModelSize } from "../src/config.ts";
import { makeModel } from "../src/make-model.ts";
import { answerOf, clipOf, draw, questionOf, textsOf } from "./questions.ts";
import { benchPrompt, rlStep } from "./rl-step.ts";

const { values: flags } = parseArgs({ options: { steps: { type: "string", default: "0" } } });
const { backend, device } = await initEngine({ backend: "wasm" });

const items = Array.from({ length: 64 }, (_, i) => draw(i));
const folder = mkdtempSync(join(tmpdir(), "videor1-bench-"));
const parameters = await makeModel(folder, ModelSize.parse({}), items.flatMap(textsOf), 0);
const processor = await loadProcessor(folder);
const config = parseConfig(JSON.parse(readFileSync(join(folder, "config.json"), "utf8")));
const model = createModel(config, { seed: 0, scheme: { kind: "fanIn" } });
const reference = createModel(config, { seed: 0, scheme: { kind: "fanIn" } });
rmSync(folder, { recursive: true });
const optimizer = adamw(model.parameters, { beta1: 0.9, beta2: 0.95, eps: 1e-8, weightDecay: 0.01 });

function apply(grads: Gradients): void {
  optimizer.step(grads, 1e-3, clipFactor(grads, 1).factor);
  dispose(grads);
}

const batch = items.slice(0, 32);
const inputs = processor(
  batch.map(questionOf),
  batch.map((item) => [clipOf(item)]),
  { addGenerationPrompt: true },
);
const completions = completionsOf(
  batch.map((item) => [...processor.tokenizer.encode(answerOf(item)), model.generationConfig.eosTokenIds[0]!]),
);
const answerTokens = completions.lengths.reduce((total, length) => total + length, 0);
const loss = () => tidy((): Scalar => mul(sum<Scalar>(model.logprobs(inputs, completions).logps), -1 / answerTokens));

function trainingStep(): void {
  const { value, grads } = valueAndGrads(loss, model.parameters);
  value.dispose();
  apply(grads);
}

const options = TgrpoOptions.parse({ rollout: { maxCompletionLength: 40, topP: 1 } });
const seedsOf = (i: number, count: number) => Array.from({ length: count }, (_, k) => 100 * i + k);
const promptsOf = () => items.slice(0, 8).map((item, i) => benchPrompt(processor, item, String(i), seedsOf(i, 12)));
const prompts = promptsOf();
let sampledTokens = 0;

async function trainedRlStep(): Promise<void> {
  const prompts = promptsOf();
  const made = await rlStep({ model, reference, processor, options, prompts });
  sampledTokens = made.sampledTokens;
  apply(made.grads);
}

const generateRows = 96;
const sampler = qwenSampler(model, processor, { ...options.rollout, policyVersion: 0 });
const generate = () =>
  sampler.generate(
    prompts.map(({ id, ordered }) => ({ promptId: id, order: "ordered" as const, input: ordered, count: 12 })),
  );

const best = async (run: () => unknown): Promise<number> => (await timeRuns(run, 5)).cpuSeconds;
const tiny = randomNormal([8]);
const addMany = () => {
  for (let i = 0; i < 10_000; i++) add(tiny, tiny).dispose();
};
const forwardSeconds = await best(() => dispose(loss()));
const trainSeconds = await best(trainingStep);
const generation = await generate();
const generated = generation.flatMap(({ completions }) => completions);
const generatedTokens = generated.reduce((total, { completionIds }) => total + completionIds.length, 0);
const generateSeconds = await best(generate);
const rlSeconds = await best(trainedRlStep);
const rows = [
  {
    what: "forward, 32 prompts and answers",
    cpuSeconds: forwardSeconds,
    rate: `${Math.round(answerTokens / forwardSeconds)} answer tokens/s`,
  },
  {
    what: "training step, the same + backward + AdamW",
    cpuSeconds: trainSeconds,
    rate: `${Math.round(answerTokens / trainSeconds)} answer tokens/s`,
  },
  {
    what: `generate, ${generateRows} answers of 40 tokens at most`,
    cpuSeconds: generateSeconds,
    rate: `${Math.round(generatedTokens / generateSeconds)} tokens/s`,
  },
  { what: "T-GRPO step, 8 prompts x (8 + 4) answers", cpuSeconds: rlSeconds, rate: `${sampledTokens} tokens sampled` },
  { what: "one op on 8 numbers", cpuSeconds: (await best(addMany)) / 10_000, rate: "" },
];
console.log(`${backend}, ${device}, Node ${process.version}, ${parameters} parameters; CPU seconds of one thread\n`);
for (const { what, cpuSeconds, rate } of rows)
  console.log(`${what.padEnd(46)} ${cpuSeconds.toPrecision(3).padStart(10)}   ${rate}`);

let growth: { steps: number; tensors: number; bytes: number; residentMegabytes: number } | undefined;
if (Number(flags.steps) > 0) {
  const before = { ...memory(), resident: process.memoryUsage.rss() };
  for (let step = 0; step < Number(flags.steps); step++) trainingStep();
  const after = memory();
  growth = {
    steps: Number(flags.steps),
    tensors: after.numTensors - before.numTensors,
    bytes: after.numBytes - before.numBytes,
    residentMegabytes: Math.round((process.memoryUsage.rss() - before.resident) / 1e6),
  };
  console.log(
    `\nAfter ${growth.steps} more training steps: ${growth.tensors} tensors, ${growth.bytes} bytes, ${growth.residentMegabytes} MB resident more than before`,
  );
}
console.log(
  `\n${JSON.stringify({ bench: "miniature steps", backend, device, node: process.version, parameters, rows, growth })}`,
);
