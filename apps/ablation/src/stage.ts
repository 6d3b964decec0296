import { BenchConfig, runBench } from "@videor1/bench";
import type { AppOptions } from "@videor1/cli";
import { initEngine } from "@videor1/engine";
import { DataConfig, dataTexts, ModelSize, makeData, makeModel } from "@videor1/miniature";
import { RlConfig, trainRl } from "@videor1/rl";
import { SftConfig, trainSft } from "@videor1/sft";
import { EngineOptions } from "@videor1/train";
import { z } from "zod";

const seed = z.int();

/** One part of a run, with everything that it depends on. */
export const Stage = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("data"), folder: z.string(), config: DataConfig.extend({ seed }) }),
  z.object({
    kind: z.literal("model"),
    folder: z.string(),
    data: z.string(),
    size: ModelSize,
    seed,
    backend: EngineOptions.shape.backend,
  }),
  z.object({ kind: z.literal("sft"), config: SftConfig }),
  z.object({ kind: z.literal("rl"), config: RlConfig }),
  z.object({ kind: z.literal("bench"), config: BenchConfig }),
]);
export type Stage = z.infer<typeof Stage>;

/** Makes a stage, or the rest of one that an earlier process began. */
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
