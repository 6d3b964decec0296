import type { Unit } from "./format.ts";
import { groupBy } from "./group-by.ts";
import type { Run } from "./read-run.ts";
import { taskOf } from "./task-table.ts";

export interface Line {
  name: string;
  /** One value a step; null where the step has none. */
  raw: (number | null)[];
  /** Centred mean of `raw` over the window. */
  smooth: (number | null)[];
}

/** A quantity over the steps of a stage. */
export interface Curve {
  id: string;
  title: string;
  about: string;
  stage: "SFT" | "RL";
  unit: Unit;
  steps: number[];
  /** Steps of the centred mean; fewer at the ends and where steps have no value. */
  window: number;
  lines: Line[];
}

/** Tasks whose clips have a coloured border that suggests an answer. */
export const borderTasks: ReadonlySet<string> = new Set(["direction", "order"]);

/** Whether a thought leans on the border: it has the word. */
export const leansOnBorder = (text: string): boolean => /\bborder\b/i.test(text);

/** The window that smooths a curve of this many steps: about an eighth of them, odd, at least 3. */
export const windowOf = (steps: number): number => 2 * Math.max(1, Math.round(steps / 16)) + 1;

/** Mean over the window centred at each position, nulls left out; null where all are. */
export function smooth(values: readonly (number | null)[], window: number): (number | null)[] {
  const reach = (window - 1) / 2;
  return values.map((_, i) => meanOf(values.slice(Math.max(0, i - reach), i + reach + 1)));
}

/** Mean of the values that are there; null if none is. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const there = values.filter((value) => value !== null);
  return there.length === 0 ? null : there.reduce((sum, value) => sum + value, 0) / there.length;
}

/** Mean of the first and of the last tenth of a line's steps, at least 3 steps each. */
export function ends({ raw }: Line): { first: number | null; last: number | null; steps: number } {
  const steps = Math.min(raw.length, Math.max(3, Math.round(raw.length / 10)));
  return { first: meanOf(raw.slice(0, steps)), last: meanOf(raw.slice(-steps)), steps };
}

/** Share of the answers to border questions (frames in order) that lean on the border, by step. */
export function borderShare(run: Run): (number | null)[] {
  const bySteps = groupBy(
    run.rollouts.filter(({ dataSource }) => borderTasks.has(taskOf(dataSource))),
    ({ step }) => step,
  );
  return run.rl.map(({ step }) => {
    const answers = (bySteps.get(step) ?? []).flatMap(({ ordered }) => ordered);
    return meanOf(answers.map(({ text }) => Number(leansOnBorder(text))));
  });
}

/** The curves of the paper's figure, then those that tell more. */
export function curves(run: Run): Curve[] {
  const stage = (name: Curve["stage"], steps: number[]) => {
    const window = windowOf(steps.length);
    return (
      about: Pick<Curve, "id" | "title" | "about" | "unit">,
      lines: Record<string, (number | null)[]>,
    ): Curve => ({
      ...about,
      stage: name,
      steps,
      window,
      lines: Object.entries(lines).map(([line, raw]) => ({ name: line, raw, smooth: smooth(raw, window) })),
    });
  };
  const sft = stage(
    "SFT",
    run.sft.map(({ step }) => step),
  );
  const rl = stage(
    "RL",
    run.rl.map(({ step }) => step),
  );
  const of = (key: Exclude<keyof (typeof run.rl)[number], "step">) => run.rl.map((line) => line[key] ?? null);
  return [
    rl(
      {
        id: "accuracy",
        title: "Accuracy reward",
        unit: "share",
        about: "Mean over all sampled answers, before any bonus.",
      },
      { accuracy: of("reward/accuracy") },
    ),
    rl(
      {
        id: "temporal",
        title: "Temporal reward",
        unit: "share",
        about: "As the paper plots it: 1 where the bonus fired, 0 where it did not, 0.5 for an image.",
      },
      { temporal: of("reward/temporal") },
    ),
    rl(
      { id: "length", title: "Response length", unit: "tokens", about: "Tokens of an answer, end token included." },
      { length: of("completionLength") },
    ),
    rl(
      {
        id: "shares",
        title: "p and p̃",
        unit: "share",
        about: "Share of correct answers to video questions, frames in order (p) and shuffled (p̃).",
      },
      { "in order": of("temporal/p"), shuffled: of("temporal/pShuffled") },
    ),
    rl(
      {
        id: "gap",
        title: "p − p̃",
        unit: "difference",
        about: "What the order of the frames is worth to the policy: the telling curve.",
      },
      { gap: of("temporal/gap") },
    ),
    rl(
      {
        id: "contrast",
        title: "Order contrast",
        unit: "nats",
        about: "How much likelier right answers to videos are under the frames in order than under the other order.",
      },
      { contrast: of("contrast/delta") },
    ),
    rl(
      {
        id: "border",
        title: "Shortcut share",
        unit: "share",
        about: "Answers to direction and order questions whose thought leans on the border instead of the frames.",
      },
      { border: borderShare(run) },
    ),
    rl(
      { id: "format", title: "Format reward", unit: "share", about: "Answers of the form think, then answer." },
      { format: of("reward/format") },
    ),
    rl(
      { id: "kl", title: "KL divergence", unit: "nats", about: "From the SFT model, a token (k3 estimate)." },
      { kl: of("kl") },
    ),
    sft(
      { id: "sftLoss", title: "SFT loss", unit: "nats", about: "Cross-entropy of the reference answers, a token." },
      { loss: run.sft.map(({ loss }) => loss) },
    ),
  ];
}
