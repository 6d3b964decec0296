// node --conditions=@videor1/source --import tsx scripts/full-size/importance-weights.ts RUN [steps=40] [seeds=0,1] >> results.jsonl
// What importance weights are worth where the sampler is not the policy: RL of the miniature in one process, whose completions
// come from an older copy of the policy or from one whose weights are rounded to bfloat16. RUN is a folder of npm start (its
// SFT model and data). One line for each arm and seed; scripts/full-size/importance-weights.ts --table results.jsonl reads them.
import { readFileSync } from "node:fs";
import { loadConfig } from "@videor1/cli";
import { clipLoader, loadInOrder, readHeldBack } from "@videor1/data";
import { initEngine, valueAndGrads } from "@videor1/engine";
import { qwenSampler, RlConfig } from "@videor1/rl";
import { mean } from "@videor1/statistics";
import { type Metrics, mismatchMetrics, policyGradients } from "@videor1/tgrpo";
import { createReplica, learningRateAt, scheduleOf } from "@videor1/train";
import { preparePrompt } from "../../apps/rl/src/prompts.ts";
import { readOptions } from "../../apps/rl/src/read-options.ts";
import { openStudy, roundedToBfloat16, valuesOf } from "./off-policy.ts";

interface Arm {
  name: string;
  /** Steps that the sampler is behind. */
  stale: number;
  isRounded?: boolean;
  mode: "none" | "token_truncate" | "sequence_mask";
}

const arms: Arm[] = [
  { name: "the policy itself", stale: 0, mode: "none" },
  { name: "bfloat16 weights", stale: 0, isRounded: true, mode: "none" },
  { name: "bfloat16 weights", stale: 0, isRounded: true, mode: "sequence_mask" },
  { name: "1 step old", stale: 1, mode: "none" },
  { name: "1 step old", stale: 1, mode: "sequence_mask" },
  { name: "8 steps old", stale: 8, mode: "none" },
  { name: "8 steps old", stale: 8, mode: "token_truncate" },
  { name: "8 steps old", stale: 8, mode: "sequence_mask" },
];

interface Line {
  arm: string;
  mode: string;
  seed: number;
  steps: (Metrics & { gradNorm?: number })[];
}

async function study(run: string, steps: number, seeds: readonly number[]): Promise<void> {
  await initEngine({ backend: "wasm" });
  for (const seed of seeds)
    for (const arm of arms) {
      const config = loadConfig(RlConfig, "configs/rl/miniature.yaml", [
        ...[`model=${run}/sft/model`, "outputDir=unused", `data.records=${run}/data/rl.json`],
        ...[`data.media.mediaRoot=${run}/data`, `seed=${seed}`, `maxSteps=${steps}`, "gradientAccumulationSteps=1"],
        ...[
          "tgrpo.temporal=none",
          "optimizer.learningRate=5e-4",
          `loss.importanceSampling=${arm.mode}`,
          "promptsPerStep=4",
        ],
        `validation={ records: ${run}/data/validation.json }`,
      ]);
      const line: Line = { arm: arm.name, mode: arm.mode, seed, steps: await trainArm(config, arm) };
      console.log(JSON.stringify(line));
    }
}

async function trainArm(config: RlConfig, { stale, isRounded }: Arm): Promise<Line["steps"]> {
  const study = await openStudy(config);
  const { model, options, processor } = study;
  const replica = createReplica(model.trainable, config.optimizer);
  const history: Float32Array[][] = [];
  const lines: Line["steps"] = [];
  for (let step = 0; step < config.maxSteps; step++) {
    history.push(await valuesOf(model.trainable));
    if (history.length > stale + 1) history.shift();
    const sampler = isRounded ? history[0]!.map(roundedToBfloat16) : history[0]!;
    const jobs = await study.take(step);
    const trained = await study.sample(jobs, sampler, step);
    const metrics = await replica.step({
      parts: 1,
      learningRate: learningRateAt(scheduleOf(config.optimizer, config.maxSteps), step),
      async compute(_, take) {
        const share = await policyGradients({
          policy: study.policy,
          groups: trained,
          options,
          valueAndGrads: (f) => valueAndGrads(f, model.trainable, take),
        });
        return { share: { ...share.metrics, ...mismatchMetrics(share.mismatch ? [share.mismatch] : []) } };
      },
      reduce: ([share]) => ({ metrics: { ...share, loss: share!.loss! } }),
    });
    const accuracy = mean(trained.flatMap(({ group }) => group.ordered.map((rollout) => rollout.accuracy)));
    lines.push({ ...metrics, "reward/accuracy": accuracy });
    process.stderr.write(".");
  }
  const heldBack = await greedyAccuracy();
  lines.push({ "reward/accuracy": heldBack });
  process.stderr.write(` ${heldBack.toFixed(3)}\n`);
  await study.close();
  return lines;

  /** Of the policy at the end, on held-back records. */
  async function greedyAccuracy(): Promise<number> {
    const read = { ...readOptions(config), print: () => {} };
    const records = await readHeldBack(config.validation, [], read);
    const load = clipLoader(config.data.media, { seed: config.seed, check: () => {} });
    const sampler = qwenSampler(model, processor, { ...options.rollout, doSample: false, policyVersion: 0 });
    const scores: number[] = [];
    for await (const { loaded } of loadInOrder({ examples: records, load, batchSize: 16 })) {
      const prompts = loaded.map(({ example, value: clips }, i) =>
        preparePrompt({ id: `${i}`, example, clips, seed: 0 }, config, options, processor),
      );
      const requests = prompts.map(
        ({ id, ordered }) => ({ promptId: id, order: "ordered", input: ordered, count: 1 }) as const,
      );
      const samples = await sampler.generate(requests);
      for (const [i, { completions }] of samples.entries())
        scores.push(study.rules(study.decode(completions[0]!.completionIds), prompts[i]!.example).accuracy ?? 0);
    }
    return mean(scores);
  }
}

function printTable(path: string): void {
  const lines = readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((text) => JSON.parse(text) as Line);
  const of = (line: Line, name: keyof Metrics | "gradNorm") =>
    mean(line.steps.slice(0, -1).flatMap((step) => (step as Record<string, number>)[name] ?? []));
  const most = (line: Line, name: keyof Metrics) => Math.max(...line.steps.slice(0, -1).map((step) => step[name] ?? 0));
  for (const { name, mode } of arms) {
    const runs = lines.filter((line) => line.arm === name && line.mode === mode);
    if (runs.length === 0) continue;
    const show = (value: number) => value.toPrecision(3);
    const average = (value: (line: Line) => number) => show(mean(runs.map(value)));
    const cells = [
      name,
      mode,
      `${runs.length}`,
      average((line) => of(line, "sampling/samplingLogpDifference/mean")),
      average((line) => most(line, "sampling/samplingLogpDifference/max")),
      average((line) => of(line, "sampling/importanceSamplingRatio/mean")),
      average((line) => of(line, "sampling/cutShare")),
      average((line) => of(line, "sampling/effectiveSampleSize")),
      average((line) => of(line, "gradNorm")),
      average((line) => mean(line.steps.slice(-11, -1).map((step) => step["reward/accuracy"]!))),
      runs.map((line) => line.steps.at(-1)!["reward/accuracy"]!.toFixed(3)).join(" "),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

if (process.argv[2] === "--table") printTable(process.argv[3]!);
else await study(process.argv[2]!, Number(process.argv[3] ?? 40), (process.argv[4] ?? "0,1").split(",").map(Number));
