import type { Rollouts } from "@videor1/report";
import { taskOf } from "@videor1/report";
import { meanOf } from "@videor1/statistics";
import { borderTasks, leansOnBorder } from "./border.ts";

/** Mean order contrast, in nats, of right answers to border questions, by what their thought leans on; null: no such answer. */
export interface ContrastByThought {
  border: number | null;
  frames: number | null;
}

export function contrastByThought(rollouts: readonly Rollouts[]): ContrastByThought {
  const answers = rollouts
    .filter(({ dataSource }) => borderTasks.has(taskOf(dataSource)))
    .flatMap(({ ordered }) => ordered);
  const mean = (leans: boolean) =>
    meanOf(answers.flatMap(({ text, contrast }) => (leansOnBorder(text) === leans ? [contrast ?? null] : [])));
  return { border: mean(true), frames: mean(false) };
}
