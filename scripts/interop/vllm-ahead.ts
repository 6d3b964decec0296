// node --conditions=@videor1/source --import tsx scripts/interop/vllm-ahead.ts PYTHON FOLDER
// Trains a LoRA adapter with completions from the vLLM that PYTHON can import: with the reference's log-probabilities from this
// process and from the server's base model, and one step ahead. Prints what was measured; exit code 1 if anything is off.
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadConfig } from "@videor1/cli";
import { initEngine } from "@videor1/engine";
import { DataConfig, dataTexts, ModelSize, makeData, makeModel } from "@videor1/miniature";
import { createModel, readConfig, saveModel } from "@videor1/model-qwen25vl";
import { RlConfig, trainRl } from "@videor1/rl";
import { readMetrics, readRollouts } from "@videor1/runs";
import { startVllm } from "./vllm-server.ts";

const steps = 5;
const tolerance = 2e-4; // nats; what float32 on two engines may differ by
const [python, folder] = [process.argv[2]!, resolve(process.argv[3]!)];
const place = (name: string): string => join(folder, name);

let failed = 0;
function report(holds: boolean, line: string): void {
  if (!holds) failed += 1;
  console.log(`${line}${holds ? "" : " OFF"}`);
}

/** A few questions, and a model whose random weights are so large that every token matters. */
async function prepare(): Promise<void> {
  await initEngine({ backend: "wasm" });
  if (!existsSync(place("data")))
    await makeData(place("data"), { ...DataConfig.parse({ sizes: { sft: 60, rl: 40, eval: 1 } }), seed: 0 });
  if (existsSync(place("model"))) return;
  await makeModel(place("model"), ModelSize.parse({ layers: 2 }), await dataTexts(place("data")), 0);
  const scheme = { kind: "fanIn", gain: 2, embeddingStd: 0.18 } as const;
  const model = createModel(readConfig(place("model")), { seed: 0, scheme });
  await saveModel(model, place("model"));
  model.dispose();
}

async function train(name: string, url: string, ...more: string[]) {
  const config = loadConfig(RlConfig, "configs/rl/miniature.yaml", [
    ...[`model=${place("model")}`, `outputDir=${place(name)}`, `data.records=${join(place("data"), "rl.json")}`],
    ...[
      `data.media.mediaRoot=${place("data")}`,
      "engine.workers=1",
      "gradientAccumulationSteps=1",
      `maxSteps=${steps}`,
    ],
    ...["promptsPerStep=2", "rollout.numGenerations=4", "rollout.maxCompletionLength=16", "tgrpo.temporal=none"],
    ...["lora={ rank: 4, alpha: 8 }", "optimizer={ learningRate: 3e-3, schedule: constant, warmupSteps: 0 }"],
    ...[`rollout.server={ urls: ["${url}"], model: tiny, folder: ${place("policies")} }`, "checkpoint.everySteps=1"],
    "rewards.functions=[{ name: first, path: tests/rewards/first-token.mjs }]",
    ...more,
  ]);
  const signal = new AbortController().signal;
  await trainRl(config, { print: (line) => console.log(`  ${line}`), signal });
  return { metrics: readMetrics(place(name)) as Record<string, number>[], groups: readRollouts(place(name)) };
}

/** Largest difference of a metric between two runs, over the steps. */
const largest = (name: string, a: readonly Record<string, number>[], b: readonly Record<string, number>[]): number =>
  Math.max(...a.map((line, i) => Math.abs(line[name]! - b[i]![name]!)));

await prepare();
mkdirSync(place("policies"), { recursive: true });
const server = await startVllm(python, place("model"), place("vllm.log"), { more: ["--enable-scale-out"] });
try {
  const own = await train("own", server.url);
  const scored = await train("scored", server.url, "rollout.server.referenceLogps=true");
  const tokens = (groups: typeof own.groups) =>
    JSON.stringify(groups.map(({ ordered }) => ordered.map(({ completionIds }) => completionIds)));
  report(tokens(own.groups) === tokens(scored.groups), `the same tokens in ${own.groups.length} groups of both runs`);
  const klDifference = largest("klOverTokens", own.metrics, scored.metrics);
  report(
    klDifference < tolerance && own.metrics.at(-1)!.klOverTokens! > 10 * tolerance,
    `KL a token ${own.metrics.map((line) => line.klOverTokens!.toFixed(5)).join(", ")} with our reference; the server's differs by at most ${klDifference.toExponential(1)}`,
  );
  const gradient = largest("gradNorm", own.metrics, scored.metrics);
  report(gradient < 1e-2, `gradient norms differ by at most ${gradient.toExponential(1)}`);

  const ahead = await train("ahead", server.url, "rollout.maxStaleness=1");
  const versions = ahead.groups.map(({ step, policyVersion }) => step - 1 - policyVersion!);
  report(
    ahead.groups.length === own.groups.length &&
      versions.every((version, i) => version === (ahead.groups[i]!.step > 1 ? 1 : 0)),
    `ahead: ${ahead.groups.length} groups, each once, of a policy ${versions.join("")} steps old`,
  );
  const same = (groups: typeof own.groups) =>
    JSON.stringify(groups.map(({ id, problemId, seed }) => [id, problemId, seed]));
  report(same(ahead.groups) === same(own.groups), "ahead: the records, ids and seeds of the run that is not ahead");
  for (const [name, run] of Object.entries({ own, ahead })) {
    const values = (metric: string) => run.metrics.map((line) => line[`sampling/${metric}`]!.toPrecision(2)).join(", ");
    console.log(
      `${name}: |difference| a token ${values("samplingLogpDifference/mean")}; weights ${values("importanceSamplingRatio/mean")}; cut ${values("cutShare")}; effective sample ${values("effectiveSampleSize")}`,
    );
    console.log(
      `${name}: seconds of rollout ${run.metrics.map((line) => line["seconds/rollout"]).join(", ")}, of update ${run.metrics.map((line) => line["seconds/update"]).join(", ")}`,
    );
  }
  const mismatch = Math.max(...own.metrics.map((line) => line["sampling/samplingLogpDifference/max"]!));
  report(
    mismatch < tolerance,
    `sampler and trainer of one version differ by at most ${mismatch.toExponential(1)} a token`,
  );
  report(
    ahead.metrics.at(-1)!["sampling/samplingLogpDifference/mean"]! > 10 * mismatch,
    "ahead: by more, as the policy has moved",
  );
} finally {
  server.stop();
}
console.log(failed ? `${failed} are off` : "all hold");
process.exitCode = failed ? 1 : 0;
