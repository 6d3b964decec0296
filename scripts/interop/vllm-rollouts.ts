// node --conditions=@videor1/source --import tsx scripts/interop/vllm-rollouts.ts PYTHON FOLDER
// Trains the miniature by `npm run rl` with completions from the vLLM that PYTHON can import: 20 steps with an adapter and 20 with
// whole weights, each beside three seeds of the same run in process; then a run whose server is paused, killed and started again,
// and whose adapter is deleted. Prints what was measured; exit code 1 if anything is off. What FOLDER has already is not made again.
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { DataConfig, dataTexts, ModelSize, makeData, makeModel } from "@videor1/miniature";
import { readMetrics, readRollouts } from "@videor1/runs";
import { openSafetensors, writeSafetensors } from "@videor1/safetensors";
import { checkFaults } from "./vllm-faults.ts";
import { measureSampling } from "./vllm-sampling.ts";
import { startVllm } from "./vllm-server.ts";

const steps = 20;
const seeds = [0, 1, 2];
const tolerance = 2e-4; // nats; what float32 on two engines may differ by
const [python, folder] = [process.argv[2]!, resolve(process.argv[3]!)];
const place = (name: string): string => join(folder, name);
const root = join(import.meta.dirname, "../..");

let failed = 0;
function report(holds: boolean, line: string): void {
  if (!holds) failed += 1;
  console.log(`${line}${holds ? "" : " OFF"}`);
}

/** `npm run` of an app, or of replay; ends with its exit code and what it printed. */
async function runApp(app: "sft" | "rl" | "rl/src/replay", ...args: string[]): Promise<{ code: number; text: string }> {
  const entry = app === "rl/src/replay" ? "apps/rl/src/replay/cli.ts" : `apps/${app}/src/cli.ts`;
  const child = spawn(process.execPath, ["--conditions=@videor1/source", "--import", "tsx", entry, ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (part) => (text += part));
  const code = await new Promise<number>((ended) => child.on("close", (status) => ended(status ?? 1)));
  return { code, text };
}

async function mustRun(...args: Parameters<typeof runApp>): Promise<string> {
  const { code, text } = await runApp(...args);
  if (code !== 0) throw new Error(`npm run ${args.join(" ")} ends with exit code ${code}: ${text}`);
  return text;
}

/** The miniature after SFT, and the same with a head of its own. */
async function makeModels(): Promise<void> {
  if (!existsSync(place("data")))
    await makeData(place("data"), { ...DataConfig.parse({ sizes: { sft: 2000, rl: 400, eval: 1 } }), seed: 0 });
  if (!existsSync(place("model"))) {
    await makeModel(place("init"), ModelSize.parse({}), await dataTexts(place("data")), 0);
    const phase = (name: string, count: number) => `{ records: ${join(place("data"), name)}, steps: ${count} }`;
    const phases = `data.phases=[${phase("sft-reason.json", 1000)}, ${phase("sft-mixed.json", 300)}]`;
    const settings = [`model=${place("init")}`, `outputDir=${place("sft")}`, `data.media.mediaRoot=${place("data")}`];
    await mustRun("sft", "configs/sft/miniature.yaml", ...settings, phases);
    cpSync(join(place("sft"), "model"), place("model"), { recursive: true });
  }
  if (existsSync(place("untied"))) return;
  cpSync(place("model"), place("untied"), { recursive: true });
  const path = join(place("model"), "config.json");
  writeFileSync(
    join(place("untied"), "config.json"),
    JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), tie_word_embeddings: false }, null, 2),
  );
  const weights = openSafetensors(join(place("model"), "model.safetensors"));
  const tensors = weights.names.map((name) => ({
    name,
    dtype: "F32" as const,
    shape: weights.info(name).shape,
    data: weights.read(name),
  }));
  const embedding = tensors.find(({ name }) => name === "model.embed_tokens.weight")!;
  tensors.push({ ...embedding, name: "lm_head.weight" });
  writeSafetensors(join(place("untied"), "model.safetensors"), tensors, { format: "pt" });
}

const arms = {
  adapter: { model: place("model"), settings: ["lora={ rank: 8, alpha: 16 }", "optimizer.learningRate=1e-3"] },
  weights: { model: place("untied"), settings: [] },
};
type Arm = keyof typeof arms;

/** Settings of a run of an arm. */
const settingsOf = (arm: Arm, name: string, ...more: string[]): string[] => [
  ...["configs/rl/miniature.yaml", `model=${arms[arm].model}`, `outputDir=${join(place("runs"), name)}`],
  ...[`data.records=${join(place("data"), "rl.json")}`, `data.media.mediaRoot=${place("data")}`],
  ...["engine.workers=1", ...arms[arm].settings, ...more],
];
const servedBy = (url: string): string[] => [
  ...[`rollout.server.urls=[${url}]`, "rollout.server.model=tiny", `rollout.server.folder=${place("policies")}`],
];
const runOf = (name: string): string => join(place("runs"), name);
const column = (name: string, metric: string): number[] =>
  readMetrics(runOf(name)).map((line) => Number((line as Record<string, unknown>)[metric]));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Means of five steps each beside the interval that another seed is in with 95 %: mean +- t(2) s sqrt(1 + 1/3). */
function compareCurves(arm: Arm): void {
  const blocks = (name: string) =>
    [...Array(steps / 5).keys()].map((block) => mean(column(name, "reward/accuracy").slice(5 * block, 5 * block + 5)));
  const own = seeds.map((seed) => blocks(`${arm}-own-${seed}`));
  const served = blocks(`${arm}-served`);
  for (const [block, value] of served.entries()) {
    const values = own.map((run) => run[block]!);
    const centre = mean(values);
    const deviation = Math.sqrt(mean(values.map((x) => (x - centre) ** 2)) * 1.5);
    const half = 4.303 * deviation * Math.sqrt(4 / 3);
    report(
      Math.abs(value - centre) <= half,
      `${arm}, steps ${5 * block + 1} to ${5 * block + 5}: accuracy ${value.toFixed(3)}; in process ${values.map((x) => x.toFixed(3)).join(", ")} (${(centre - half).toFixed(3)} to ${(centre + half).toFixed(3)})`,
    );
  }
}

await makeModels();
mkdirSync(place("policies"), { recursive: true });
for (const arm of ["adapter", "weights"] as const)
  for (const seed of seeds)
    await mustRun("rl", ...settingsOf(arm, `${arm}-own-${seed}`, `seed=${seed}`, `maxSteps=${steps}`));
for (const arm of ["adapter", "weights"] as const) {
  const name = `${arm}-served`;
  if (!existsSync(join(runOf(name), "model"))) {
    const server = await startVllm(python, arms[arm].model, place(`vllm-${arm}.log`));
    const printed = await mustRun(
      "rl",
      ...settingsOf(arm, name, `maxSteps=${steps}`, "checkpoint.everySteps=5"),
      ...servedBy(server.url),
    );
    server.stop();
    console.log(/.*sees what the policy sees.*/.exec(printed)![0]);
  }
  const ids = readRollouts(runOf(name)).map(({ id }) => id);
  report(new Set(ids).size === 8 * steps && ids.length === 8 * steps, `${name}: ${ids.length} prompts, each once`);
  const furthest = Math.max(...column(name, "sampling/samplingLogpDifference/max"));
  report(
    furthest <= tolerance,
    `${name}: log-probabilities of server and trainer differ by ${furthest.toExponential(1)}`,
  );
  const { text: replayed } = await runApp("rl/src/replay", runOf(name), `${steps}`);
  report(/all metrics agree/.test(replayed), `${name}: replayed from its last checkpoint: all metrics agree`);
  compareCurves(arm);
}
const server = await startVllm(python, arms.adapter.model, place("vllm-sampling.log"));
await measureSampling({
  url: server.url,
  pid: server.pid,
  adapter: join(runOf("adapter-served"), "model"),
  settings: [...settingsOf("adapter", "sampling"), ...servedBy(server.url)],
  report,
});
server.stop();
await checkFaults({
  python,
  folder,
  model: arms.adapter.model,
  servedBy,
  report,
  settings: settingsOf("adapter", "faults"),
  runRl: (...settings) => runApp("rl", ...settings),
});
console.log(failed ? `${failed} are off` : "all hold");
process.exitCode = failed ? 1 : 0;
