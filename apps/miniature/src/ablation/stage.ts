import { type BenchConfig, runBench } from "@videor1/bench";
import { initEngine } from "@videor1/engine";
import { type RlConfig, trainRl } from "@videor1/rl";
import { type SftConfig, trainSft } from "@videor1/sft";
import type { AppOptions, EngineOptions } from "@videor1/train";
import type { ModelSize } from "../config.ts";
import { type DataConfig, dataTexts, makeData } from "../make-data.ts";
import { makeModel } from "../make-model.ts";

/** One part of a run, with all that it depends on. */
export type Stage =
  | { kind: "data"; folder: string; config: DataConfig }
  | { kind: "model"; folder: string; data: string; size: ModelSize; seed: number; backend: EngineOptions["backend"] }
  | { kind: "sft"; config: SftConfig }
  | { kind: "rl"; config: RlConfig }
  | { kind: "bench"; config: BenchConfig };

/** Makes a stage, or what an earlier process left to do of it. */
export async function runStage(stage: Stage, options: AppOptions): Promise<void> {
  switch (stage.kind) {
    case "data":
      return makeData(stage.folder, stage.config, options);
    case "model":
      await initEngine({ backend: stage.backend });
      await makeModel(stage.folder, stage.size, await dataTexts(stage.data), stage.seed);
      return;
    case "sft":
      await trainSft(stage.config, options);
      return;
    case "rl":
      await trainRl(stage.config, options);
      return;
    case "bench":
      await runBench(stage.config, options);
      return;
    default:
      stage satisfies never;
  }
}
