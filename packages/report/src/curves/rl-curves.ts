import { groupBy, meanOf } from "@videor1/statistics";
import type { NotedCurve } from "../notes.ts";
import type { RlRun } from "../read/read-run.ts";
import type { RlStep, Rollouts } from "../read/run-schema.ts";
import type { Curve, Series } from "./curve.ts";

/** A curve over the steps of RL, and the source of its values. */
export interface RlCurve extends Pick<Curve, "id" | "title" | "about" | "unit"> {
  series(run: RlRun): Series;
}

const metric =
  (key: Exclude<keyof RlStep, "step">) =>
  ({ steps }: RlRun): Series =>
    steps.map((line) => line[key] ?? null);

const overGroups =
  (value: NotedCurve["value"]) =>
  ({ steps, rollouts }: RlRun): Series => {
    const byStep = groupBy(rollouts, ({ step }) => step);
    return steps.map(({ step }) => value(byStep.get(step) ?? []));
  };

const meanP = (groups: readonly Rollouts[]): number | null =>
  meanOf(groups.flatMap(({ dataType, p }) => (dataType === "video" ? [p] : [])));

/**
 * All curves of RL runs.
 *
 * @param p - the meaning of p, see `meaningOfP`.
 */
export const rlCurves = (p: string, noted: readonly NotedCurve[]): readonly RlCurve[] => [
  {
    id: "accuracy",
    title: "Accuracy reward",
    unit: "share",
    about: "Mean over all sampled answers, before any bonus.",
    series: metric("reward/accuracy"),
  },
  {
    id: "temporal",
    title: "Temporal reward",
    unit: "share",
    about: "As the paper plots it: 1 where the bonus fired, 0 where it did not, 0.5 for an image.",
    /** Left out without T-GRPO, where the metric is always 0.5. */
    series: (run) =>
      run.scoring.temporal.kind === "tgrpo" ? metric("reward/temporal")(run) : run.steps.map(() => null),
  },
  {
    id: "length",
    title: "Response length",
    unit: "tokens",
    about: "Tokens of an answer, end token included.",
    series: metric("completionLength"),
  },
  {
    id: "p",
    title: "p",
    unit: "share",
    about: `${p.charAt(0).toUpperCase()}${p.slice(1)} to video questions, frames in order.`,
    series: overGroups(meanP),
  },
  {
    id: "pShuffled",
    title: "p̃",
    unit: "share",
    about: "The same with shuffled frames, where such answers were sampled.",
    series: metric("temporal/pShuffled"),
  },
  {
    id: "gap",
    title: "p − p̃",
    unit: "difference",
    about: "What the order of the frames is worth to the policy: the telling curve.",
    series: metric("temporal/gap"),
  },
  {
    id: "contrast",
    title: "Order contrast",
    unit: "nats",
    about: "How much likelier right answers to videos are with the frames in order than in the other order.",
    series: metric("contrast/delta"),
  },
  ...noted.map(({ value, ...curve }) => ({ ...curve, series: overGroups(value) })),
  {
    id: "format",
    title: "Format reward",
    unit: "share",
    about: "Answers of the form think, then answer.",
    series: metric("reward/format"),
  },
  {
    id: "noSignal",
    title: "Groups without signal",
    unit: "share",
    about: "Groups whose answers all earned the same: nothing is learned from them.",
    series: metric("group/noSignal"),
  },
  {
    id: "kl",
    title: "KL divergence",
    unit: "nats",
    about: "From the SFT model, a token (k3 estimate).",
    series: metric("kl"),
  },
];
