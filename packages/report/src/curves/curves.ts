import { windowOf } from "@videor1/statistics";
import type { SftRun } from "../read/read-run.ts";
import type { Study } from "../read/study.ts";
import { type Curve, type Line, lineOf } from "./curve.ts";
import type { RlCurve } from "./rl-curves.ts";
import { validationCurves } from "./validation-curve.ts";

/** All curves that have a value in some run: one line an arm. */
export function curves(study: Study, rlCurves: readonly RlCurve[]): Curve[] {
  const { sft, arms } = study;
  const allSteps = arms.flatMap(({ runs }) => runs.flatMap((run) => run.steps.map(({ step }) => step)));
  const steps = [...new Set(allSteps)].sort((a, b) => a - b);
  const window = windowOf(steps.length);
  const rl = rlCurves.map(({ series, ...curve }): Curve => {
    const lines = arms.map(({ runs }, arm) => {
      const aligned = runs.map((run) => {
        const ofRun = series(run);
        const values = new Map(run.steps.map(({ step }, i) => [step, ofRun[i]!]));
        return steps.map((step) => values.get(step) ?? null);
      });
      return lineOf(arm, aligned, window);
    });
    return { ...curve, stage: "RL", steps, window, lines };
  });
  const hasValue = ({ raw }: Line) => raw.some((value) => value !== null);
  return [...rl, ...(sft ? [sftLoss(sft)] : []), ...validationCurves(study)]
    .map((curve) => ({ ...curve, lines: curve.lines.filter(hasValue) }))
    .filter(({ lines }) => lines.length > 0);
}

function sftLoss({ steps }: SftRun): Curve {
  const loss = steps.map(({ loss }) => loss ?? null);
  const window = windowOf(loss.length);
  return {
    id: "sftLoss",
    stage: "SFT",
    title: "SFT loss",
    unit: "nats",
    about: "Cross-entropy of the reference answers, a token.",
    steps: steps.map(({ step }) => step),
    window,
    lines: [lineOf(-1, [loss], window)],
  };
}
