import { formatDuration } from "@videor1/train";
import { integer, inWords } from "./format.ts";
import { objective } from "./objective.ts";
import type { RlRun } from "./read-run.ts";
import type { Study } from "./study.ts";

/** One line of "what ran". */
export interface Fact {
  label: string;
  value: string;
}

const graded = { training: "graded as in training", "video-r1": "graded as in the paper" } as const;

/** What ran, in numbers that do not name the machine; durations are minutes:seconds. */
export function factsOf({ sft, arms, benches }: Study): Fact[] {
  const { summary, predictions } = benches[0]!;
  const frames = summary.nframes === null ? "" : ` at ${summary.nframes} frames`;
  const failed = benches.flatMap((bench) => bench.predictions).filter(({ status }) => status === "failed").length;
  const seeds = [...new Set(arms.flatMap(({ runs }) => runs.map(({ config }) => config.seed)))];
  return [
    { label: "Model", value: `${integer(sft.parameters)} parameters, Qwen2.5-VL architecture` },
    { label: "SFT", value: `${integer(sft.steps.length)} steps, ${formatDuration(sft.steps.at(-1)!.secondsElapsed)}` },
    ...arms.map(({ name, runs }) => ({ label: `RL, ${name}`, value: `${objective(runs[0]!.scoring)}; ${work(runs)}` })),
    {
      label: "Test",
      value: `${integer(predictions.length)} questions${frames}, ${graded[summary.grading]}; failed: ${failed}`,
    },
    { label: seeds.length > 1 ? "Seeds" : "Seed", value: inWords(seeds.map(String)) },
  ];
}

/** Steps, answers and time of an arm's runs. */
function work(runs: readonly RlRun[]): string {
  const answers = runs
    .flatMap(({ rollouts }) => rollouts)
    .flatMap(({ ordered, shuffled }) => [...ordered, ...shuffled]);
  const tokens = answers.reduce((sum, answer) => sum + answer.tokens, 0);
  const seconds = runs.reduce((sum, { steps }) => sum + steps.at(-1)!.secondsElapsed, 0);
  const steps = runs.reduce((sum, run) => sum + run.steps.length, 0);
  return `${integer(steps)} steps, ${integer(answers.length)} sampled answers, ${integer(tokens)} tokens, ${formatDuration(seconds)}`;
}
