import { existsSync, rmSync } from "node:fs";
import { annotatedRecord, chooseSamples } from "@videor1/curation";
import { loadAccuracyOptions, RewardOptions } from "@videor1/rewards/options";
import type { Journal } from "../files/journal.ts";
import { createRecordWriter, type RecordWriter } from "../files/record-writer.ts";
import { type Answers, type Failure, noUsage, type Usage } from "./answers.ts";
import { answersTo } from "./answers-to.ts";
import type { AnnotateConfig } from "./config.ts";
import { readQuestions } from "./read-questions.ts";

/** What became of a data set. `read` = `annotated` + `failed`. */
export interface Annotated {
  output: string;
  /** Records read, those that have all their samples, and those that have not. */
  read: number;
  annotated: number;
  failed: number;
  /** Of the failed ones, by code. */
  failures: Record<string, number>;
  /** File of the failed ones, each with its reason; null if there are none. */
  failedFile: string | null;
  /** Records written, their mean reward, and how many have a reward above 0.6, have thinking, were cut off. */
  written: number;
  meanReward: number | null;
  selected: number;
  thinking: number;
  cutOff: number;
  /** Of all samples, those that are not kept too. */
  usage: Usage;
  /** By `price`; null without. */
  cost: number | null;
}

/**
 * Writes the records that have all their samples, in their order, with the samples to keep; beside it, `<output>.failed.jsonl`, the
 * others with the reason as `failed`.
 */
export async function writeAnnotated(
  config: AnnotateConfig,
  journal: Journal<Answers>,
  signal: AbortSignal,
): Promise<Annotated> {
  const { output, keep, n, rules, price, thinkingOpened } = config;
  const optionsOf = await loadAccuracyOptions(rules, RewardOptions.parse({}));
  const failedFile = `${output}.failed.jsonl`;
  const writer = createRecordWriter(output);
  let failures: RecordWriter | undefined;
  const counts = { read: 0, annotated: 0, failed: 0, selected: 0, thinking: 0, cutOff: 0 };
  const usage: Usage = { ...noUsage };
  const byCode: Record<string, number> = {};
  const ids = new Set<string>();
  let rewards = 0;
  const fail = (fields: unknown, failure: Failure) => {
    counts.failed += 1;
    byCode[failure.code] = (byCode[failure.code] ?? 0) + 1;
    failures ??= createRecordWriter(failedFile);
    failures.write({ ...(Object(fields) as object), failed: failure });
  };
  try {
    for await (const { question, fields, failure } of readQuestions(config)) {
      signal.throwIfAborted();
      counts.read += 1;
      if (question === undefined) {
        fail(fields, failure);
        continue;
      }
      const answers = answersTo(question, journal);
      for (const key of Object.keys(usage) as (keyof Usage)[]) usage[key] += answers.usage[key];
      if (answers.samples.length < n) {
        fail(question.fields, answers.failure ?? { code: "UNANSWERED", reason: "has not been asked for all samples" });
        continue;
      }
      counts.annotated += 1;
      const options = optionsOf({ options: question.example.options });
      const samples = answers.samples
        .slice(0, n)
        .map((sample) => ({ ...sample, output: thinkingOpened ? opened(sample.output) : sample.output }))
        .map((sample) => ({ ...annotatedRecord(question, sample, options), output: sample.output }));
      for (const place of chooseSamples(samples, keep)) {
        const record = samples[place]!;
        const id = keep === "all" ? `${question.key}/${place}` : question.key;
        if (ids.has(id)) throw new SampleIdError(id);
        ids.add(id);
        writer.write(keep === "all" ? { ...record, problem_id: id, sample_of: question.example.problemId } : record);
        rewards += record.reward;
        if (record.select) counts.selected += 1;
        if ("process" in record) counts.thinking += 1;
        if (answers.samples[place]!.finishReason === "length") counts.cutOff += 1;
      }
    }
    failures?.finish();
    if (failures === undefined && existsSync(failedFile)) rmSync(failedFile);
    writer.finish();
  } finally {
    failures?.discard();
    writer.discard();
  }
  const written = writer.count;
  return {
    output,
    ...counts,
    failures: byCode,
    failedFile: failures === undefined ? null : failedFile,
    written,
    meanReward: written === 0 ? null : rewards / written,
    usage,
    cost: price ? (usage.promptTokens * price.prompt + usage.completionTokens * price.completion) / 1e6 : null,
  };
}

/** A completion with what the prompt has opened, unless the model repeats it. */
const opened = (output: string): string => (/^\s*<think>/.test(output) ? output : `<think>${output}`);

/** A sample of keep=all would have the id of another record. */
class SampleIdError extends Error {
  override readonly name = "SampleIdError";
  readonly code = "SAMPLE_ID";
  readonly hint = "Give the records other ids, or keep=best.";

  constructor(id: string) {
    super(`keep=all names samples <id>/<number>, and ${id} would stand for two`);
  }
}
