/** The whole of Video-R1 in miniature: data, SFT, RL in one or several ways, benchmark after each, report. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { runBench } from "@videor1/bench";
import { type AppOptions, formatDuration, progress } from "@videor1/cli";
import { initEngine } from "@videor1/engine";
import { buildReport, readMainJob } from "@videor1/report";
import { reportSettings, trainRl } from "@videor1/rl";
import { keepSettings, lockRun, runSettings } from "@videor1/runs";
import { trainSft } from "@videor1/sft";
import { benchLines } from "./bench-lines.ts";
import type { MiniatureConfig } from "./config.ts";
import { curateData } from "./curate-data.ts";
import { inspectData } from "./inspect-data.ts";
import { lintData } from "./lint-data.ts";
import { type DataConfig, dataFiles, dataTexts, makeData } from "./make-data.ts";
import { makeModel } from "./make-model.ts";
import { notes } from "./notes/notes.ts";
import { type StageConfigs, type StageOverrides, stageConfigs } from "./stage-configs.ts";

/**
 * Runs the stages that are not done, and writes the report.
 *
 * @throws {RunConfigError} If the folder holds the data of other settings.
 * @throws {CheckpointError} RUN_LOCKED if another process works there.
 * @throws The signal's reason, once it is aborted.
 */
export async function mainJob(config: MiniatureConfig, overrides: StageOverrides, options: AppOptions): Promise<void> {
  const stages = stageConfigs(config, overrides); // all mistakes before the first stage
  const lock = lockRun(config.runDir);
  try {
    await runStages(config, stages, options);
  } finally {
    lock.release();
  }
}

async function runStages(config: MiniatureConfig, stages: StageConfigs, options: AppOptions): Promise<void> {
  const { runDir, seed } = config;
  const { print } = options;
  const data = join(runDir, "data");
  const init = join(runDir, "init");
  const started = performance.now();
  const stage = (number: number, what: string) => print(`\n[${number}/${5 + stages.arms.length}] ${what}`);

  stage(1, "data: draw and encode small videos and images, write the records, choose those about a video");
  const settings = await runSettings({ seed, data: config.data, model: config.model }, []);
  const isMade = existsSync(data);
  keepSettings(runDir, settings, { isBegun: isMade });
  if (isMade) {
    print(`${data} is there already`);
    await curateData(data, options); // unless the process ended before it
  } else {
    await makeDataWithProgress(data, { ...config.data, seed }, options);
    await lintData(dataFiles(data), options);
  }
  await inspectData(data, options);

  stage(2, "model: a small Qwen2.5-VL with random weights");
  await initEngine({ backend: stages.sft.engine.backend });
  const parameters = await makeModel(init, config.model, await dataTexts(data), seed);
  print(`${(parameters / 1e6).toFixed(2)} M parameters: ${init}`);

  stage(3, "SFT: learn to think and answer from written chains of thought");
  await trainSft(stages.sft, options);

  stage(4, "benchmark after SFT: held-back clips on which the border tells nothing");
  print(benchLines(await runBench(stages.bench, options), stages.arms[0]!.rl.tgrpo));

  for (const [i, { name, settings, rl, bench }] of stages.arms.entries()) {
    stage(5 + i, `RL and its benchmark, arm "${name}"${settings.length > 0 ? `: ${settings.join(" ")}` : ""}`);
    await trainRl(rl, options);
    print(benchLines(await runBench(bench, options), rl.tgrpo));
  }

  stage(5 + stages.arms.length, "report");
  const study = await readMainJob(
    runDir,
    stages.arms.map(({ name }) => name),
    reportSettings,
  );
  const page = join(runDir, "report.html");
  const { table } = await buildReport(study, { title: "Video-R1 in miniature", page, notes });
  print(`\n${table}`);
  print(`\nThe report: ${page}`);
  print(`Done in ${formatDuration((performance.now() - started) / 1000)}.`);
}

async function makeDataWithProgress(folder: string, config: DataConfig, { signal, print }: AppOptions): Promise<void> {
  const bar = progress({
    label: "clips",
    total: Object.values(config.sizes).reduce<number>((sum, size = 0) => sum + size, 0),
  });
  try {
    await makeData(folder, config, { signal, print, onProgress: (done) => bar.update(done) });
  } finally {
    bar.stop();
  }
}
