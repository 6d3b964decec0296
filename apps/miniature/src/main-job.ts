/** The whole of Video-R1 in miniature: data, SFT, T-GRPO, benchmark after each, report. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { BenchConfig, type BenchResult, runBench } from "@videor1/bench";
import { initEngine } from "@videor1/engine";
import { RlConfig, tgrpoOptions, trainRl } from "@videor1/rl";
import { SftConfig, trainSft } from "@videor1/sft";
import { formatDuration, loadConfig, progress } from "@videor1/train";
import type { MiniatureConfig } from "./config.ts";
import { makeData, type RawRecord } from "./make-data.ts";
import { makeModel } from "./make-model.ts";
import { buildReport } from "./report/build-report.ts";

/** Overrides of one stage: `sft.optimizer.learningRate=1e-3` is `optimizer.learningRate=1e-3` of the SFT config. */
export interface StageOverrides {
  sft: readonly string[];
  rl: readonly string[];
  bench: readonly string[];
}

interface Options {
  signal: AbortSignal;
  print: (line: string) => void;
}

/** Runs what is not done yet of every stage, and writes the report. Returns the path of the page. */
export async function mainJob(
  config: MiniatureConfig,
  overrides: StageOverrides,
  { signal, print }: Options,
): Promise<string> {
  const { runDir, seed, workers } = config;
  const at = (...parts: string[]) => join(runDir, ...parts);
  const data = at("data");
  const started = performance.now();
  const stage = (number: number, what: string) => print(`\n[${number}/6] ${what}`);

  stage(1, "data: draw and encode small videos and images, write the records");
  await makeDataOnce(data, { ...config.data, seed }, signal, print);

  stage(2, "model: a small Qwen2.5-VL with random weights");
  const { backend, reason } = await initEngine();
  print(`engine: ${backend} (${reason})`);
  const parameters = await makeModel(at("init"), config.model, await textsOf(data), seed);
  print(`${(parameters / 1e6).toFixed(2)} M parameters: ${at("init")}`);

  const common = [`seed=${seed}`, `engine.workers=${workers}`];
  const media = (key: string) => `${key}=${data}`;

  stage(3, "SFT: learn to think and answer from written chains of thought");
  const sftConfig = loadConfig(SftConfig, config.sft, [
    ...common,
    ...[`model=${at("init")}`, `outputDir=${at("sft")}`, media("data.media.mediaRoot")],
    ...[
      `data.phases.0.records=${join(data, "sft-reason.json")}`,
      `data.phases.1.records=${join(data, "sft-mixed.json")}`,
    ],
    ...config.stages.sft,
    ...overrides.sft,
  ]);
  const sft = await trainSft(sftConfig, { signal, print });

  const bench = (name: string, model: string): Promise<BenchResult> =>
    runBench(
      loadConfig(BenchConfig, config.bench, [
        ...common,
        ...[`name=${name}`, `model=${model}`, `outputDir=${at("bench")}`],
        ...[`records=${join(data, "eval_miniature.json")}`, media("media.mediaRoot")],
        ...config.stages.bench,
        ...overrides.bench,
      ]),
      { signal },
    );

  stage(4, "benchmark after SFT: held-back clips on which the border tells nothing");
  await bench("sft", sft.modelDir);

  stage(5, "T-GRPO: answers with ordered and with shuffled frames, rewarded by rules");
  const rlConfig = loadConfig(RlConfig, config.rl, [
    ...common,
    ...[`model=${sft.modelDir}`, `outputDir=${at("rl")}`],
    ...[`data.records=${join(data, "rl.json")}`, media("data.media.mediaRoot")],
    ...config.stages.rl,
    ...overrides.rl,
  ]);
  const rl = await trainRl(rlConfig, { signal, print });

  stage(6, "benchmark after T-GRPO, and the report");
  await bench("rl", rl.modelDir);
  const { page, table } = await buildReport({ runDir, scoring: tgrpoOptions(rlConfig) });
  print(`\n${table}`);
  print(`\nThe report: ${page}`);
  print(`Done in ${formatDuration((performance.now() - started) / 1000)}.`);
  return page;
}

async function makeDataOnce(
  folder: string,
  config: Parameters<typeof makeData>[1],
  signal: AbortSignal,
  print: Options["print"],
) {
  const made = await readFile(join(folder, "data.json"), "utf8").catch(() => undefined);
  if (made !== undefined && made === `${JSON.stringify(config, null, 1)}\n`) return print(`${folder} is there already`);
  const bar = progress({ label: "clips", total: Object.values(config.sizes).reduce((a, b) => a + b, 0) });
  await makeData(folder, config, { signal, onProgress: (done) => bar.update(done) });
  bar.stop();
}

/** Every text that a tokenizer must know: questions, options, thoughts, answers. */
async function textsOf(data: string): Promise<string[]> {
  const files = ["sft-reason.json", "sft-mixed.json", "rl.json", "eval_miniature.json"];
  const records = await Promise.all(
    files.map(async (file): Promise<Partial<RawRecord>[]> => JSON.parse(await readFile(join(data, file), "utf8"))),
  );
  return records
    .flat()
    .flatMap(({ problem = "", options = [], process = "", solution = "" }) => [
      problem,
      "Options:",
      ...options,
      process,
      solution,
    ]);
}
