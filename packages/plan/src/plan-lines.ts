import { type Job, promptsOfPart, promptTokens } from "./job.ts";
import type { Plan } from "./make-plan.ts";
import { parameterCount, trainedCount } from "./state-bytes.ts";

/** Bytes in units of 10^9: three figures at least. */
export const gigabytes = (bytes: number): string =>
  (bytes / 1e9).toFixed(bytes >= 9.995e10 ? 0 : bytes >= 9.995e9 ? 1 : bytes >= 1e8 ? 2 : 4);

/** Seconds in the unit that suits them, two figures: they are estimates. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Number(seconds.toPrecision(2))} s`;
  if (seconds < 5400) return `${Number((seconds / 60).toPrecision(2))} min`;
  return seconds < 129_600
    ? `${Number((seconds / 3600).toPrecision(2))} h`
    : `${Number((seconds / 86_400).toPrecision(2))} days`;
}

/** The plan in one line, for the start of a run. */
export function planLine(plan: Plan): string {
  const { card, needed, disk, seconds } = plan;
  const free = disk.present === undefined ? "" : ` of ${gigabytes(disk.present)} free`;
  const time = seconds ? `; about ${duration(stepSeconds(seconds.step))} a step` : "";
  const each = plan.ranks > 1 ? ` on each of ${plan.ranks} ranks` : "";
  return `Plan: ${gigabytes(needed)} of the ${gigabytes(card.memoryBytes)} GB of ${card.name}${each}, ${gigabytes(disk.needed)} GB of disk${free}${time}; --plan shows the count`;
}

/** The whole plan as a table of lines. */
export function planLines(job: Job, plan: Plan): string[] {
  const { card, bytes, phases, needed, host, disk, seconds } = plan;
  const { ranks, exchange } = plan;
  const ofWorker = ranks > 1 ? ", of each rank" : card.kind === "wasm" ? ", of each worker" : "";
  const free = disk.present === undefined ? "" : `; ${gigabytes(disk.present)} are free`;
  return [
    `${billions(parameterCount(job))} parameters, ${billions(trainedCount(job))} trained, ${job.dtype}, on ${cardsInWords(plan)}`,
    ...countedWith(job, ranks),
    "",
    `GB at the highest point of a step${ofWorker}`,
    ...rows(bytes, gigabytes),
    row("in all", gigabytes(needed), `of ${gigabytes(card.memoryBytes)}`),
    `GB at the highest point of each phase${ofWorker}`,
    ...rows(phases, gigabytes),
    "GB beside it",
    ...(card.kind === "gpu" && host.needed > 0
      ? [row("host memory", gigabytes(host.needed), host.present === undefined ? "" : `of ${gigabytes(host.present)}`)]
      : []),
    row(
      "disk",
      gigabytes(disk.needed),
      `${disk.checkpoints} checkpoints of ${gigabytes(disk.checkpoint)}, one of them in the making, and the model${free}`,
    ),
    ...(seconds
      ? secondsLines(seconds, job.steps)
      : ["Seconds: not known; they were measured on an h200 in bfloat16 alone"]),
    ...(exchange ? exchangeLines(exchange, job) : []),
  ];
}

function cardsInWords({ card, ranks, machines }: Plan): string {
  if (ranks === 1) return card.name;
  return `${ranks} ranks, each on ${card.name}${machines > 1 ? `, on ${machines} machines` : ""}`;
}

function exchangeLines({ gradients, weights, seconds }: NonNullable<Plan["exchange"]>, { sharding }: Job): string[] {
  const time =
    seconds === undefined ? "of what the card sends nothing is known" : `${duration(seconds)}, by its data sheet`;
  return [
    `GB that each rank sends in a step, with engine.zeroStage=${sharding.zeroStage}`,
    row("gradients", gigabytes(gradients), sharding.zeroStage > 0 ? "beside the backward pass" : ""),
    row("weights", gigabytes(weights)),
    row("in all", gigabytes(gradients + weights), time),
  ];
}

function countedWith(job: Job, ranks: number): string[] {
  const { prompt, rl, completionTokens, parts, workers } = job;
  const prompts = promptsOfPart(job);
  const answers = rl ? `, ${rl.completions}${rl.shuffled > 0 ? ` + ${rl.shuffled} shuffled` : ""} a prompt` : "";
  const units = ranks > 1 ? count(ranks, "rank", "") : count(workers, "worker", "");
  const counts = [count(prompts, "prompt", "in a part"), count(parts, "part", "a step"), units];
  return [
    `counted with prompts of ${promptTokens(job)} tokens, ${prompt.textTokens} of text, and answers of ${completionTokens}${answers}`,
    counts.join(", ").trim(),
    ...(parts < ranks
      ? [`${ranks - parts} ranks have no part: a run of ${ranks} asks for gradientAccumulationSteps=${ranks} at least`]
      : []),
  ];
}

function secondsLines({ load, step }: NonNullable<Plan["seconds"]>, steps: number): string[] {
  const run = load + steps * stepSeconds(step);
  return [
    "Seconds of a step, estimates from the one run that was measured",
    ...rows(step, duration),
    ...(step.update === undefined ? [row("update", "?", "not measured with optimizer.moments=int8")] : []),
    row("in all", duration(stepSeconds(step))),
    row(
      "the run",
      duration(run),
      `${steps} steps, and ${duration(load)} to load; data, rewards and checkpoints beside`,
    ),
  ];
}

const row = (name: string, value: string, note = "") =>
  `  ${name.padEnd(13)}${value.padStart(8)}${note && `   ${note}`}`;

const rows = (values: object, format: (value: number) => string): string[] =>
  Object.entries(values).flatMap(([name, value]) => (value > 0 ? [row(name, format(value))] : []));

const billions = (count: number) =>
  count >= 1e8 ? `${(count / 1e9).toPrecision(3)} B` : `${(count / 1e6).toPrecision(3)} M`;

const count = (number: number, noun: string, where: string) => `${number} ${noun}${number === 1 ? "" : "s"} ${where}`;

const stepSeconds = (step: object): number =>
  Object.values(step).reduce((total: number, seconds: number) => total + seconds, 0);
