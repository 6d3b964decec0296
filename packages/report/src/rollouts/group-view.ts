import { extractAnswer } from "@videor1/rewards";
import { isCorrect, type ScoreOptions } from "@videor1/tgrpo";
import type { Rollouts } from "../read/run-schema.ts";
import { taskOf } from "../tables/task-table.ts";
import { type Outcome, outcomeOf, type Period, type Picked } from "./select-groups.ts";
import type { Trait } from "./traits.ts";

/** A logged group as the page shows it. Its texts come from a model or a data set: they are never markup. */
export interface GroupView
  extends Pick<
    Rollouts,
    | "step"
    | "dataType"
    | "problem"
    | "options"
    | "frameSeconds"
    | "permutation"
    | "p"
    | "pShuffled"
    | "ordered"
    | "shuffled"
  > {
  /** Index of the arm that sampled the answers. */
  arm: number;
  task: string;
  /** The right answer, without tags. */
  answer: string;
  outcome: Outcome;
  traits: string[];
  /** Whether each answer is right, by the rules of the arm. */
  isRight: { ordered: boolean[]; shuffled: boolean[] };
  /** Index of the period that the step is in. */
  period: number;
  /** Index of the strip of its frames. */
  strip: number;
}

/**
 * @param scoring - the scoring of the arm.
 * @param traits - all traits of the page.
 */
export function groupView(
  { arm, group }: Picked,
  scoring: ScoreOptions,
  times: readonly Period[],
  strip: number,
  traits: readonly Trait[],
): GroupView {
  const { step, dataType, problem, options, frameSeconds, permutation, p, pShuffled, ordered, shuffled } = group;
  const rights = (answers: readonly { accuracy: number }[]) =>
    answers.map(({ accuracy }) => isCorrect(accuracy, scoring));
  return {
    step,
    dataType,
    problem,
    options,
    frameSeconds,
    permutation,
    p,
    pShuffled,
    ordered,
    shuffled,
    arm,
    strip,
    task: taskOf(group.dataSource),
    answer: extractAnswer(group.solution, { rules: "video-r1" }),
    outcome: outcomeOf(group, scoring),
    traits: traits.filter(({ has }) => has(group, scoring)).map(({ name }) => name),
    isRight: { ordered: rights(ordered), shuffled: rights(shuffled) },
    period: times.findIndex(({ from, to }) => step >= from && step <= to),
  };
}
