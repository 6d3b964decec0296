import { type Prediction, taskOf } from "@videor1/report";
import { meanOf } from "@videor1/statistics";
import { borderTasks, leansOnBorder } from "../notes/border.ts";
import { tasks } from "../tasks/index.ts";
import type { Measures } from "./metrics.ts";

/**
 * The measures of a model, from its answers to the held-back questions.
 *
 * @param sampled - answers at temperature 1, with the scores of the same questions with shuffled frames.
 * @param countTokens - tokens of an answer, end token included.
 */
export function measures(
  sampled: readonly Prediction[],
  greedy: readonly Prediction[],
  countTokens: (text: string) => number,
): Measures {
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
