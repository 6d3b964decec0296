import type { ScoreOptions, TemporalOptions } from "@videor1/tgrpo";
import { formatDuration } from "@videor1/train";
import { integer } from "./format.ts";
import type { Run } from "./read-run.ts";

/** One line of "what ran". */
export interface Fact {
  label: string;
  value: string;
}

const graded = { training: "graded as in training", "video-r1": "graded as in the paper" } as const;

/** What ran, in numbers that do not name the machine; durations are minutes:seconds. */
export function factsOf(run: Run, scoring: ScoreOptions): Fact[] {
  const answers = run.rollouts.flatMap(({ ordered, shuffled }) => [...ordered, ...shuffled]);
  const tokens = answers.reduce((sum, answer) => sum + answer.tokens, 0);
  const [sft, rl] = [run.sft.at(-1)!, run.rl.at(-1)!];
  const { summary, predictions } = run.benches[0]!;
  const frames = summary.nframes === null ? "" : ` at ${summary.nframes} frames`;
  const failed = run.benches.flatMap((bench) => bench.predictions).filter(({ status }) => status === "failed").length;
  return [
    { label: "Model", value: `${integer(run.parameters)} parameters, Qwen2.5-VL architecture` },
    { label: "SFT", value: `${integer(run.sft.length)} steps, ${formatDuration(sft.secondsElapsed)}` },
    {
      label: "RL",
      value: `${integer(run.rl.length)} steps, ${integer(answers.length)} sampled answers, ${integer(tokens)} tokens, ${formatDuration(rl.secondsElapsed)}`,
    },
    { label: "Objective", value: objective(scoring) },
    {
      label: "Test",
      value: `${integer(predictions.length)} questions${frames}, ${graded[summary.grading]}; failed: ${failed}`,
    },
    { label: "Seed", value: String(run.seed) },
  ];
}

function objective({ temporal, length, advantage }: ScoreOptions): string {
  const window = length.enabled ? `; +${length.omega} for ${length.min} to ${length.max} tokens` : "";
  return `${temporalBonus(temporal)}${window}; advantages ${advantage.scale === "std" ? "divided by" : "not divided by"} the standard deviation`;
}

function temporalBonus(temporal: TemporalOptions): string {
  switch (temporal.kind) {
    case "none":
      return "GRPO, no temporal reward";
    case "tgrpo": {
      const { alpha, strict, mu, target } = temporal;
      return `T-GRPO: +${alpha} to the ${target} of right answers if p ${strict ? ">" : "≥"} ${mu === 1 ? "" : `${mu} · `}p̃`;
    }
    case "contrast": {
      const { alpha, tau, clip, assignment } = temporal;
      const size =
        clip === 0 ? `+${alpha} for more than ${tau} nats` : `up to +${alpha} for ${tau} to ${tau + clip} nats`;
      return `GRPO with order contrast: ${size}, right answers${assignment === "own" ? "" : ", dealt out at random as a control"}`;
    }
    default:
      return temporal satisfies never;
  }
}
