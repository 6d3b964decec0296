import { directionOf, type Estimate } from "@videor1/statistics";
import type { Arm } from "../read/study.ts";
import { mainRow, type TaskTable } from "../tables/task-table.ts";
import { directionWords } from "./findings.ts";
import { inWords, points, withPercent } from "./format.ts";

/** The result in one sentence, and its uncertainty. */
export interface Headline {
  text: string;
  detail: string;
}

/** @param steps - number of RL steps; null if it differs between the arms. */
export function headline(table: TaskTable, steps: number | null): Headline {
  const { task, n, scores, changes, differences } = mainRow(table);
  const [sft, ...arms] = scores.map(({ mean }) => withPercent(mean));
  const names = table.models.slice(1);
  const reached = arms.length === 1 ? arms[0]! : inWords(arms.map((score, i) => `${score} (${names[i]})`));
  const text = `After ${steps === null ? "" : `${steps} steps of `}RL the model scores ${reached} on the ${task}, ${direction(changes)} ${sft}.`;
  if (arms.length === 1) return { text, detail: `${spread(changes[0]!)}, on ${n} held-back questions` };
  const against = differences.map(
    (difference, i) => `${names[i + 1]} ${spread(difference)}, ${directionWords[directionOf(difference)]}`,
  );
  return { text, detail: `Against ${names[0]}, on ${n} held-back questions: ${against.join("; ")}` };
}

/** The headline of arms that were not evaluated. */
export function plainHeadline(arms: readonly Arm[], steps: number | null): Headline {
  const runs = arms.reduce((sum, arm) => sum + arm.runs.length, 0);
  const each = steps === null ? "" : `, ${steps} steps${runs === 1 ? "" : " each"}`;
  return {
    text: `${runs} ${runs === 1 ? "run" : "runs"} of RL: ${inWords(arms.map(({ name }) => name))}${each}.`,
    detail: "All numbers here are from the questions of the training, none from held-back ones",
  };
}

const spread = ({ mean, low, high }: Estimate): string =>
  `${points(mean)} points, 95\u00a0% interval ${points(low)} to ${points(high)}`;

function direction(changes: readonly Estimate[]): string {
  const directions = new Set(changes.map(directionOf));
  if (directions.size > 1) return "against";
  const [only] = directions;
  return only === "higher" ? "up from" : only === "lower" ? "down from" : "no clear change from";
}
