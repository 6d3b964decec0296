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

/**
 * Groups worth a look, by step: one of every task in every period, mixed outcomes before uniform ones, and among these
 * a group that frame order helped every second time (so that the other half is seen, too). One image and one group
 * with p > p̃ are among them if the run has any.
 */
export function selectGroups(groups: readonly Rollouts[], times: readonly Period[]): Rollouts[] {
  const tasks = [...new Set(groups.map(({ dataSource }) => taskOf(dataSource)))];
  const picked = times.flatMap(({ from, to }, period) =>
    tasks.flatMap((task, i) => {
      const wantHelped = (period + i) % 2 === 0;
      const value = (group: Rollouts) =>
        2 * Number(outcomeOf(group) === "mixed") + Number(orderHelped(group) === wantHelped);
      const candidates = groups.filter(
        ({ step, dataSource }) => step >= from && step <= to && taskOf(dataSource) === task,
      );
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
