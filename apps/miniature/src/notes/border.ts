import { type Rollouts, taskOf } from "@videor1/report";
import { meanOf } from "@videor1/statistics";

/** Tasks whose clips have a coloured border that suggests an answer. */
export const borderTasks: ReadonlySet<string> = new Set(["direction", "order"]);

/** Whether a thought leans on the border: it contains the word. */
export const leansOnBorder = (text: string): boolean => /\bborder\b/i.test(text);

/** The answers to border questions, frames in order. */
const borderAnswers = (groups: readonly Rollouts[]): Rollouts["ordered"] =>
  groups.filter(({ dataSource }) => borderTasks.has(taskOf(dataSource))).flatMap(({ ordered }) => ordered);

/** Share of the answers to border questions that lean on the border; null: no such question. */
export const borderShare = (groups: readonly Rollouts[]): number | null =>
  meanOf(borderAnswers(groups).map(({ text }) => Number(leansOnBorder(text))));

/** Mean order contrast, in nats, of right answers to border questions by what their thought leans on; null without one. */
export interface ContrastByThought {
  border: number | null;
  frames: number | null;
}

export function contrastByThought(groups: readonly Rollouts[]): ContrastByThought {
  const answers = borderAnswers(groups);
  const mean = (leans: boolean) =>
    meanOf(answers.flatMap(({ text, contrast }) => (leansOnBorder(text) === leans ? [contrast ?? null] : [])));
  return { border: mean(true), frames: mean(false) };
}
