import { extractAnswer } from "@videor1/rewards";
import type { FrameStrip } from "./frames.ts";
import type { Rollouts } from "./run-schema.ts";
import { type Outcome, orderHelped, outcomeOf, type Period } from "./select-groups.ts";
import { taskOf } from "./task-table.ts";

/** A logged group as the page shows it. All texts come from a model or a data set: never markup. */
export interface GroupView
  extends Pick<
    Rollouts,
    "step" | "dataType" | "problem" | "options" | "permutation" | "p" | "pShuffled" | "ordered" | "shuffled"
  > {
  /** Index of the arm that sampled the answers. */
  arm: number;
  task: string;
  /** The right answer, without tags. */
  answer: string;
  outcome: Outcome;
  orderHelped: boolean;
  /** Index of the period that the step is in. */
  period: number;
  frames: FrameStrip;
}

export function groupView(arm: number, group: Rollouts, times: readonly Period[], frames: FrameStrip): GroupView {
  const { step, dataType, problem, options, permutation, p, pShuffled, ordered, shuffled } = group;
  return {
    ...{ step, dataType, problem, options, permutation, p, pShuffled, ordered, shuffled },
    arm,
    task: taskOf(group.dataSource),
    answer: extractAnswer(group.solution, { rules: "video-r1" }),
    outcome: outcomeOf(group),
    orderHelped: orderHelped(group),
    period: times.findIndex(({ from, to }) => step >= from && step <= to),
    frames,
  };
}
