import { formatDuration } from "@videor1/cli";
import type { Bench, RlRun, SftRun } from "../read/read-run.ts";
import type { Study } from "../read/study.ts";
import { integer, inWords } from "./format.ts";
import { objective } from "./objective.ts";

/** One line of "what ran". */
export interface Fact {
  label: string;
  value: string;
}

const graded = {
  training: "graded as in training",
  "video-r1": "graded as in the paper",
  safe: "graded by the safe rewards",
} as const;

/** The lines of "What ran"; none names the machine, durations are minutes:seconds. */
export function factsOf({ sft, arms, benches }: Study): Fact[] {
  const seeds = [...new Set(arms.flatMap(({ runs }) => runs.map(({ seed }) => seed)))];
  return [
    ...(sft ? startFacts(sft) : []),
    ...arms.map(({ name, runs }) => ({ label: `RL, ${name}`, value: `${objective(runs[0]!.scoring)}; ${work(runs)}` })),
    ...(benches.length > 0 ? [testFact(benches)] : []),
    { label: seeds.length > 1 ? "Seeds" : "Seed", value: inWords(seeds) },
  ];
}

const startFacts = ({ parameters, steps }: SftRun): Fact[] => [
  { label: "Model", value: `${integer(parameters)} parameters, Qwen2.5-VL architecture` },
  { label: "SFT", value: `${integer(steps.length)} steps, ${formatDuration(steps.at(-1)!.secondsElapsed)}` },
];

function testFact(benches: readonly Bench[]): Fact {
  const { summary, predictions } = benches[0]!;
  const frames = summary.nframes === null ? "" : ` at ${summary.nframes} frames`;
  const failed = benches.flatMap((bench) => bench.predictions).filter(({ status }) => status === "failed").length;
  const value = `${integer(predictions.length)} questions${frames}, ${graded[summary.grading]}${withOptions(summary)}; failed: ${failed}`;
  return { label: "Test", value };
}

/** The options of the safe rewards that were not as by default: " with markup, without unicode". */
function withOptions({ gradingOptions = {} }: Bench["summary"]): string {
  const names = Object.entries(gradingOptions).map(([name, isOn]) => `${isOn ? "with" : "without"} ${name}`);
  return names.length > 0 ? ` ${names.join(", ")}` : "";
}

/** Steps, answers and time of an arm's runs. */
function work(runs: readonly RlRun[]): string {
  const answers = runs
    .flatMap(({ rollouts }) => rollouts)
    .flatMap(({ ordered, shuffled }) => [...ordered, ...shuffled]);
  const tokens = answers.reduce((sum, answer) => sum + answer.tokens, 0);
  const seconds = runs.reduce((sum, { steps }) => sum + steps.at(-1)!.secondsElapsed, 0);
  const lengths = [...new Set(runs.map(({ steps }) => steps.length))];
  const steps = `${runs.length > 1 ? `${runs.length} runs of ` : ""}${inWords(lengths.map(integer))} steps`;
  return `${steps}, ${integer(answers.length)} sampled answers, ${integer(tokens)} tokens, ${formatDuration(seconds)}`;
}
