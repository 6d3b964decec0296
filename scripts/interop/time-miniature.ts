// node --conditions=@videor1/source --import tsx scripts/interop/time-miniature.ts [--backend wasm|torch] [--repetitions 9]
// CPU seconds, over all threads of the process, of the miniature's training step and generation, to compare with
// miniature_baseline.py. Shapes and work are in miniature.json.
// Shapes: B prompts, L their tokens.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { dispose, mean, neg, randomNormal, type Scalar, tidy } from "@tensorflow/tfjs-core";
import { initEngine, valueAndGrads } from "@videor1/engine";
import { timeRuns } from "@videor1/engine/test";
import { createModel, type ModelInputs, parseConfig, type Qwen25VL } from "@videor1/model-qwen25vl";
import { adamw, clipFactor } from "@videor1/train";

interface Work {
  name: string;
  prompts: number;
  completions_each: number;
  tokens: number;
}

interface Spec {
  config: { video_token_id: number; vision_start_token_id: number; vision_end_token_id: number };
  video_grid: [number, number, number];
  text_before: number;
  text_after: number;
  words: number;
  train: Work[];
  generate: Work;
}

const { values: options } = parseArgs({
  options: { backend: { type: "string", default: "wasm" }, repetitions: { type: "string", default: "9" } },
});
const spec = JSON.parse(readFileSync(new URL("miniature.json", import.meta.url), "utf8")) as Spec;
const words = (count: number, seed: number) =>
  Array.from({ length: count }, (_, i) => (i * 31 + seed * 17) % spec.words);

/** B prompts with a video. */
function inputs(prompts: number): ModelInputs {
  const patches = spec.video_grid.reduce((product, size) => product * size);
  const { video_token_id: video, vision_start_token_id: start, vision_end_token_id: end } = spec.config;
  const ids = Array.from({ length: prompts }, (_, b) => [
    ...words(spec.text_before, b),
    ...[start, ...new Array<number>(patches / 4).fill(video), end],
    ...words(spec.text_after, b + 1),
  ]);
  const pixels = tidy(() => randomNormal([prompts * patches, 1176], 0, 1, "float32", 1).dataSync<"float32">());
  return {
    inputIds: { data: Int32Array.from(ids.flat()), shape: [prompts, ids[0]!.length] },
    pixelValuesVideos: { data: pixels, shape: [prompts * patches, 1176] },
    videoGridThw: { data: Int32Array.from(ids.flatMap(() => spec.video_grid)), shape: [prompts, 3] },
  };
}

/** Forward, backward, clipping and AdamW. */
function trainer(model: Qwen25VL, { prompts, completions_each, tokens }: Work): () => void {
  const batch = inputs(prompts);
  const rows = prompts * completions_each;
  const completions = {
    ids: Int32Array.from(words(rows * tokens, 3)),
    lengths: new Int32Array(rows).fill(tokens),
    promptOf: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / completions_each)),
  };
  const loss = () => neg(mean<Scalar>(model.logprobs(batch, completions).logps));
  const optimizer = adamw(model.parameters, { beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0.01 });
  return () => {
    const { value, grads } = valueAndGrads(loss, model.parameters);
    optimizer.step(grads, 1e-4, clipFactor(grads, 1).factor);
    value.dataSync();
    dispose([value, grads]);
  };
}

function generator(model: Qwen25VL, { prompts, completions_each, tokens }: Work): () => Promise<unknown> {
  const batch = inputs(prompts);
  const sampling = { maxNewTokens: tokens, numReturnSequences: completions_each, eosTokenIds: [], seed: 0 };
  return () => model.generate(batch, sampling);
}

async function cpuSeconds(run: () => unknown): Promise<{ best: number; median: number }> {
  const { cpuSeconds, medianCpuSeconds } = await timeRuns(run, Number(options.repetitions));
  return { best: cpuSeconds, median: medianCpuSeconds };
}

const engine = await initEngine({ backend: options.backend as "wasm" });
const model = createModel(parseConfig(spec.config), { seed: 0 });
const table: Record<string, { best: number; median: number }> = {};
for (const work of spec.train) table[work.name] = await cpuSeconds(trainer(model, work));
table[spec.generate.name] = await cpuSeconds(generator(model, spec.generate));
for (const [name, { best, median }] of Object.entries(table))
  console.log(`${name}: CPU s best ${best.toFixed(4)} median ${median.toFixed(4)}`);
console.log(
  JSON.stringify({ node: process.version, backend: engine.backend, device: engine.device, cpu_seconds: table }),
);
