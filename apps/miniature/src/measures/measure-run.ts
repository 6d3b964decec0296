import type { ArmRun, RunRecord } from "@videor1/ablation";
import type { Tokenizer } from "@videor1/processor-qwen25vl";
import type { Prediction } from "@videor1/report";
import { readBench, taskOf } from "@videor1/report";
import { meanOf } from "@videor1/statistics";
import { borderTasks, leansOnBorder } from "../notes/border.ts";
import { tasks } from "../tasks/index.ts";
import type { Measures } from "./metrics.ts";

/** The measures of a finished run, from the predictions of its evaluations. */
export async function measureRun(run: ArmRun, record: RunRecord, tokenizer: Tokenizer): Promise<Measures> {
  const evaluated = new Map(
    await Promise.all(
      run.stages.flatMap((stage) =>
        stage.kind === "bench"
          ? [readBench(stage.config.outputDir, stage.config.name).then((bench) => [stage.config.name, bench] as const)]
          : [],
      ),
    ),
  );
  const sampled = evaluated.get("sampled")?.predictions ?? [];
  const greedy = evaluated.get("greedy")?.predictions ?? [];
  return {
    ...measures(sampled, greedy, (text) => tokenizer.encode(text).length + 1),
    rlCpuSeconds: rlCpuSeconds(record),
  };
}

/**
 * All measures but those of RL's cost.
 *
 * @param countTokens - Tokens of an answer, end token included.
 */
export function measures(
  sampled: readonly Prediction[],
  greedy: readonly Prediction[],
  countTokens: (text: string) => number,
): Omit<Measures, "rlCpuSeconds"> {
  const trap = sampled.filter(isTrap);
  const ordered = sampled.filter((prediction) => isTemporal(prediction) && prediction.shuffledScore != null);
  return {
    trap: meanOf(trap.map(scoreOf)),
    greedyTrap: meanOf(greedy.filter(isTrap).map(scoreOf)),
    temporal: meanOf(greedy.filter(isTemporal).map(scoreOf)),
    other: meanOf(greedy.filter((prediction) => !isTemporal(prediction)).map(scoreOf)),
    shortcut: meanOf(trap.map(({ output = "" }) => Number(leansOnBorder(output)))),
    orderGap: meanOf(ordered.map(({ score, shuffledScore }) => score - shuffledScore!)),
    length: meanOf(sampled.flatMap(({ output }) => (output === undefined ? [] : [countTokens(output)]))),
  };
}

const isTrap = ({ dataSource }: Prediction): boolean => borderTasks.has(taskOf(dataSource));
const isTemporal = ({ dataSource }: Prediction): boolean => tasks[taskOf(dataSource)]?.temporal === true;
const scoreOf = ({ score }: Prediction): number => score;

function rlCpuSeconds({ stages, sessions, cpuSeconds }: RunRecord): number | null {
  const stage = stages.findIndex(({ kind }) => kind === "rl");
  return stage < 0 || sessions > 1 ? null : cpuSeconds[stage]!;
}
