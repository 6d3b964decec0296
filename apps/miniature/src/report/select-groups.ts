import { groupBy } from "./group-by.ts";
import type { Rollouts } from "./run-schema.ts";
import { taskOf } from "./task-table.ts";

/** What the answers of a group to the ordered frames came to; an answer is right from accuracy 0.5. */
export type Outcome = "all right" | "mixed" | "all wrong";

export function outcomeOf({ ordered }: Pick<Rollouts, "ordered">): Outcome {
  const right = ordered.filter(({ accuracy }) => accuracy >= 0.5).length;
  return right === 0 ? "all wrong" : right === ordered.length ? "all right" : "mixed";
}

/** Whether the answers were right more often with the frames in order than shuffled. */
export const orderHelped = ({ p, pShuffled }: Pick<Rollouts, "p" | "pShuffled">): boolean =>
  p !== null && pShuffled !== null && p > pShuffled;

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

/** The outcomes to look for, in turn; mixed groups teach most. */
const wanted: readonly Outcome[] = ["mixed", "all right", "mixed", "all wrong"];

/**
 * Groups worth a look, by step: one of every task in every period, the outcomes in turn as far as there are such groups
 * (else mixed), and among these a group that frame order helped every second time, so that the others are seen, too. One
 * image and one group with p > p̃ are among them if the run has any.
 */
export function selectGroups(groups: readonly Rollouts[], times: readonly Period[]): Rollouts[] {
  const byTask = groupBy(groups, ({ dataSource }) => taskOf(dataSource));
  const picked = times.flatMap(({ from, to }, period) =>
    [...byTask.values()].flatMap((ofTask, i) => {
      const turn = period + i;
      const value = (group: Rollouts) => {
        const outcome = outcomeOf(group);
        const helped = orderHelped(group) === (turn % 2 === 0);
        return 4 * Number(outcome === wanted[turn % wanted.length]) + 2 * Number(outcome === "mixed") + Number(helped);
      };
      const candidates = ofTask.filter(({ step }) => step >= from && step <= to);
      return candidates.sort((a, b) => value(b) - value(a)).slice(0, 1);
    }),
  );
  const isImage = ({ dataType }: Rollouts) => dataType === "image";
  for (const needed of [isImage, orderHelped]) {
    const found = picked.some(needed) ? undefined : groups.find(needed);
    if (found) picked.push(found);
  }
  return picked.sort((a, b) => a.step - b.step);
}
