import type { RlRun, SftRun } from "../read/read-run.ts";
import type { Study } from "../read/study.ts";
import { type Curve, lineOf } from "./curve.ts";

/** A validation of one run. */
interface Point {
  step: number;
  value: number | undefined;
}

/** The curves of validation during training: values at some steps only, not smoothed. */
export function validationCurves({ sft, arms }: Study): Curve[] {
  const losses = ({ steps }: SftRun): Point[] => steps.map((line) => ({ ...line, value: line["validation/loss"] }));
  const rewards = ({ steps }: RlRun): Point[] => steps.map((line) => ({ ...line, value: line["validation/accuracy"] }));
  return [
    {
      id: "validation",
      stage: "RL",
      title: "Validation accuracy",
      unit: "share",
      about: "Accuracy reward of one answer to each held-back prompt.",
      ...onItsSteps(arms.map(({ runs }, arm) => ({ arm, runs: runs.map(rewards) }))),
    },
    {
      id: "sftValidation",
      stage: "SFT",
      title: "SFT validation loss",
      unit: "nats",
      about: "The same of held-back records.",
      ...onItsSteps(sft ? [{ arm: -1, runs: [losses(sft)] }] : []),
    },
  ];
}

/** The lines over the steps at which a run was validated. */
function onItsSteps(
  arms: readonly { arm: number; runs: readonly Point[][] }[],
): Pick<Curve, "steps" | "window" | "lines"> {
  const points = arms.flatMap(({ runs }) => runs.flat()).filter(({ value }) => value !== undefined);
  const steps = [...new Set(points.map(({ step }) => step))].sort((a, b) => a - b);
  const lines = arms.map(({ arm, runs }) => {
    const aligned = runs.map((run) => {
      const values = new Map(run.map(({ step, value }) => [step, value ?? null]));
      return steps.map((step) => values.get(step) ?? null);
    });
    return lineOf(arm, aligned, 1);
  });
  return { steps, window: 1, lines };
}
