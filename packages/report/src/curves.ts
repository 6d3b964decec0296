import { windowOf } from "@videor1/statistics";
import { type Curve, type Line, lineOf } from "./curve.ts";
import type { SftRun } from "./read-run.ts";
import { type RlCurveId, rlSeries } from "./rl-series.ts";
import type { Study } from "./study.ts";
import { validationCurves } from "./validation-curve.ts";

type Description = Pick<Curve, "title" | "about" | "unit">;

const descriptions: Record<RlCurveId, Description> = {
  accuracy: { title: "Accuracy reward", unit: "share", about: "Mean over all sampled answers, before any bonus." },
  temporal: {
    title: "Temporal reward",
    unit: "share",
    about: "As the paper plots it: 1 where the bonus fired, 0 where it did not, 0.5 for an image.",
  },
  length: { title: "Response length", unit: "tokens", about: "Tokens of an answer, end token included." },
  p: { title: "p", unit: "share", about: "Share of right answers to video questions, frames in order." },
  pShuffled: { title: "p̃", unit: "share", about: "The same with shuffled frames, where such answers were sampled." },
  gap: {
    title: "p − p̃",
    unit: "difference",
    about: "What the order of the frames is worth to the policy: the telling curve.",
  },
  contrast: {
    title: "Order contrast",
    unit: "nats",
    about: "How much likelier right answers to videos are with the frames in order than in the other order.",
  },
  border: {
    title: "Shortcut share",
    unit: "share",
    about: "Answers to direction and order questions whose thought leans on the border instead of the frames.",
  },
  format: { title: "Format reward", unit: "share", about: "Answers of the form think, then answer." },
  noSignal: {
    title: "Groups without signal",
    unit: "share",
    about: "Groups whose answers all earned the same: nothing is learned from them.",
  },
  kl: { title: "KL divergence", unit: "nats", about: "From the SFT model, a token (k3 estimate)." },
};

/** Every curve that some run has a value for: one line an arm. */
export function curves(study: Study): Curve[] {
  const { sft, arms } = study;
  const runs = arms.map((arm) => arm.runs.map((run) => ({ run, series: rlSeries(run) })));
  const steps = [...new Set(runs.flat().flatMap(({ run }) => run.steps.map(({ step }) => step)))].sort((a, b) => a - b);
  const window = windowOf(steps.length);
  const ids = Object.keys(descriptions) as RlCurveId[];
  const rl = ids.map((id): Curve => {
    const lines = runs.map((ofArm, arm) => {
      const aligned = ofArm.map(({ run, series }) => {
        const values = new Map(run.steps.map(({ step }, i) => [step, series[id][i]!]));
        return steps.map((step) => values.get(step) ?? null);
      });
      return lineOf(arm, aligned, window);
    });
    return { id, stage: "RL", ...descriptions[id], steps, window, lines };
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
    ...{ id: "sftLoss", stage: "SFT", title: "SFT loss", unit: "nats" },
    about: "Cross-entropy of the reference answers, a token.",
    steps: steps.map(({ step }) => step),
    window,
    lines: [lineOf(-1, [loss], window)],
  };
}
