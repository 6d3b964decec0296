// node --conditions=@videor1/source --import tsx scripts/full-size/importance-gradients.ts RUN [steps=24] [prompts=32] [seed=0] [rate=5e-4]
// How far the gradient of completions that an older policy drew is from that of the policy's own, with each kind of importance
// weights. RUN is a folder of npm start. The miniature trains on its own completions for some steps; then the same prompts are asked
// of it, twice, and of what it was 1, 4, 8 and 16 steps before. Prints a table: cosine to the first gradient of its own, ratio of norms.
import { dispose } from "@tensorflow/tfjs-core";
import { loadConfig } from "@videor1/cli";
import { initEngine, valueAndGrads } from "@videor1/engine";
import { RlConfig } from "@videor1/rl";
import { batchSize, type ImportanceSamplingOptions, mismatchMetrics, policyGradients } from "@videor1/tgrpo";
import { createReplica, learningRateAt, scheduleOf } from "@videor1/train";
import type { Job } from "../../apps/rl/src/job.ts";
import { openStudy, roundedToBfloat16, valuesOf } from "./off-policy.ts";

const modes: ImportanceSamplingOptions["mode"][] = [
  "none",
  "token_truncate",
  "token_mask",
  "sequence_truncate",
  "sequence_mask",
];
const run = process.argv[2]!;
const [steps = 24, count = 32, seed = 0, learningRate = 5e-4] = process.argv.slice(3).map(Number);

await initEngine({ backend: "wasm" });
const config = loadConfig(RlConfig, "configs/rl/miniature.yaml", [
  ...[
    `model=${run}/sft/model`,
    "outputDir=unused",
    `data.records=${run}/data/rl.json`,
    `data.media.mediaRoot=${run}/data`,
  ],
  ...[`seed=${seed}`, "maxSteps=100", "gradientAccumulationSteps=1", "tgrpo.temporal=none", "promptsPerStep=4"],
  `optimizer.learningRate=${learningRate}`,
]);
const study = await openStudy(config);
const replica = createReplica(study.model.trainable, config.optimizer);
const history: Float32Array[][] = [await valuesOf(study.model.trainable)];
type Groups = Awaited<ReturnType<typeof study.sample>>;

for (let step = 0; step < steps; step++) {
  const groups = await study.sample(await study.take(step), history.at(-1)!, step);
  await replica.step({
    parts: 1,
    learningRate: learningRateAt(scheduleOf(config.optimizer, config.maxSteps), step),
    async compute(_, take) {
      const { policy, options } = study;
      const gradients = (f: Parameters<typeof valueAndGrads>[0]) => valueAndGrads(f, study.model.trainable, take);
      return { share: (await policyGradients({ policy, groups, options, valueAndGrads: gradients })).metrics };
    },
    reduce: ([share]) => ({ metrics: { ...share, loss: share!.loss! } }),
  });
  history.push(await valuesOf(study.model.trainable));
  process.stderr.write(".");
}

const jobs: Job[] = [];
while (jobs.length < count) jobs.push(...(await study.take(steps + jobs.length)));
const now = history.at(-1)!;
const own = await gradientOf(await ask(now), "none");
const again = await gradientOf(await ask(now, 1), "none");
print("the policy itself, other seeds", "none", again);
for (const [name, weights] of [
  ["bfloat16 weights", now.map(roundedToBfloat16)] as const,
  ...[1, 4, 8, 16].map(
    (stale) => [`${stale} ${stale === 1 ? "step" : "steps"} old`, history[history.length - 1 - stale]!] as const,
  ),
]) {
  const parts = await ask(weights, 1);
  for (const mode of modes) print(name, mode, await gradientOf(parts, mode));
}
await study.close();

/** Four prompts at a time; clips are not changed, so they can be asked again. */
async function ask(weights: readonly Float32Array[], shift = 0): Promise<Groups[]> {
  const parts: Groups[] = [];
  for (let i = 0; i < jobs.length; i += 4)
    parts.push(
      await study.sample(
        jobs.slice(i, i + 4).map((job) => ({ ...job, seed: job.seed + shift })),
        weights,
        steps,
      ),
    );
  process.stderr.write("s");
  return parts;
}

/** Of the surrogate alone, over all prompts, and the metrics of the mismatch. */
async function gradientOf(parts: readonly Groups[], mode: ImportanceSamplingOptions["mode"]) {
  const { policy, options } = study;
  const batch = batchSize(parts.flat().map(({ group }) => group));
  const loss = { ...options.loss, beta: 0, importanceSampling: { mode, clipMax: 3 } };
  const total = new Map<string, Float32Array>();
  const mismatches = [];
  for (const groups of parts) {
    const { grads, mismatch } = await policyGradients({
      policy,
      groups,
      batch,
      options: { ...options, loss },
      valueAndGrads: (f) => valueAndGrads(f, study.model.trainable),
    });
    for (const [name, gradient] of Object.entries(grads)) {
      const values = (await gradient.data()) as Float32Array;
      const sum = total.get(name) ?? new Float32Array(values.length);
      for (const [i, value] of values.entries()) sum[i]! += value;
      total.set(name, sum);
    }
    dispose(grads);
    mismatches.push(mismatch!);
  }
  process.stderr.write("g");
  return { total, metrics: mismatchMetrics(mismatches) };
}

type Gradient = Awaited<ReturnType<typeof gradientOf>>;

function print(name: string, mode: string | undefined, gradient: Gradient): void {
  const dot = (a: Gradient, b: Gradient) =>
    [...a.total].reduce(
      (sum, [key, values]) => sum + values.reduce((part, x, i) => part + x * b.total.get(key)![i]!, 0),
      0,
    );
  const norm = (a: Gradient) => Math.sqrt(dot(a, a));
  const { metrics } = gradient;
  const show = (metric: string) => (metrics as Record<string, number>)[`sampling/${metric}`]!.toPrecision(3);
  const cells = [
    ...[
      name,
      mode,
      (dot(gradient, own) / norm(gradient) / norm(own)).toFixed(3),
      (norm(gradient) / norm(own)).toFixed(3),
    ],
    ...["samplingLogpDifference/mean", "importanceSamplingRatio/mean", "cutShare", "effectiveSampleSize"].map(show),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}
