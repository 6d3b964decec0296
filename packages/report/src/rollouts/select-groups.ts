import { naturalOrder } from "@videor1/data";
import { groupBy } from "@videor1/statistics";
import { type CorrectOptions, isCorrect } from "@videor1/tgrpo";
import type { Rollouts } from "../read/run-schema.ts";
import { taskOf } from "../tables/task-table.ts";
import { orderHelped } from "./traits.ts";

/** The result of a group's answers to the ordered frames. */
export type Outcome = "all right" | "mixed" | "all wrong";

/** @param correctness - the run's rule for right answers. */
export function outcomeOf({ ordered }: Pick<Rollouts, "ordered">, correctness: CorrectOptions): Outcome {
  const right = ordered.filter(({ accuracy }) => isCorrect(accuracy, correctness)).length;
  return right === 0 ? "all wrong" : right === ordered.length ? "all right" : "mixed";
}

/** A stretch of steps, both ends included. */
export interface Period {
  from: number;
  to: number;
}

/** `count` periods of equal length that cover the steps (fewer if there are fewer steps). */
export function periods(steps: readonly number[], count: number): Period[] {
  const from = Math.min(...steps);
  const total = Math.max(...steps) - from + 1;
  const parts = Math.min(count, total);
  const start = (i: number) => from + Math.floor((i * total) / parts);
  return Array.from({ length: parts }, (_, i) => ({ from: start(i), to: start(i + 1) - 1 }));
}

/** A group and the index of the arm that sampled it. */
export interface Picked {
  arm: number;
  group: Rollouts;
}

/** The rollouts of an arm, and its rule for right answers. */
export interface Sampled {
  rollouts: readonly Rollouts[];
  scoring: CorrectOptions;
}

/** The outcomes to look for, in turn; mixed groups teach most. */
const wanted: readonly Outcome[] = ["mixed", "all right", "mixed", "all wrong"];

/**
 * About `budget` groups to show, in order of step: questions of every task in every period, each with the groups of all arms
 * that were asked it in the same step. The arms choose in turn. Each choice takes the outcome whose turn it is, else a mixed
 * group; every second choice prefers groups that frame order helped. One image and one group with p > p̃ are included if
 * there are any.
 */
export function selectGroups(arms: readonly Sampled[], times: readonly Period[], budget: number): Picked[] {
  const byTask = arms.map(({ rollouts }) => groupBy(rollouts, ({ dataSource }) => taskOf(dataSource)));
  const tasks = [...new Set(byTask.flatMap((ofArm) => [...ofArm.keys()]))];
  const perCell = Math.max(1, Math.floor(budget / (arms.length * tasks.length * times.length)));
  const questions = new Set<string>();
  for (const [period, { from, to }] of times.entries())
    for (const [i, task] of tasks.entries())
      for (let k = 0; k < perCell; k++) {
        const turn = period + i + k;
        const arm = turn % arms.length;
        const { scoring } = arms[arm]!;
        const candidates = (byTask[arm]!.get(task) ?? []).filter(
          (group) => group.step >= from && group.step <= to && !questions.has(questionOf(group)),
        );
        const best = candidates.sort((a, b) => value(b, turn, scoring) - value(a, turn, scoring))[0];
        if (best) questions.add(questionOf(best));
      }
  for (const needed of [({ dataType }: Rollouts) => dataType === "image", orderHelped]) {
    const all = arms.flatMap(({ rollouts }) => rollouts);
    const found = all.some((group) => needed(group) && questions.has(questionOf(group))) ? undefined : all.find(needed);
    if (found) questions.add(questionOf(found));
  }
  return arms
    .flatMap(({ rollouts }, arm) => rollouts.map((group) => ({ arm, group })))
    .filter(({ group }) => questions.has(questionOf(group)))
    .sort((a, b) => a.group.step - b.group.step || byId(a.group, b.group) || a.arm - b.arm);
}

const byId = (a: Rollouts, b: Rollouts): number => naturalOrder(String(a.problemId), String(b.problemId));

const questionOf = ({ step, problemId }: Rollouts): string => `${step}:${problemId}`;

function value(group: Rollouts, turn: number, correctness: CorrectOptions): number {
  const outcome = outcomeOf(group, correctness);
  const helped = orderHelped(group) === (turn % 2 === 0);
  return 4 * Number(outcome === wanted[turn % wanted.length]) + 2 * Number(outcome === "mixed") + Number(helped);
}
