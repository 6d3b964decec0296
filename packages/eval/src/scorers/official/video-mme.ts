import { strip } from "@videor1/rewards";
import type { BenchmarkItem } from "../../item.ts";
import { fixedText } from "../python/number-text.ts";
import type { BenchmarkScorer, Reading } from "../scorer.ts";
import { answerPrefixes } from "../shared/answer-prefixes.ts";
import { videoMmeGroups } from "../shared/video-mme-groups.ts";

const prefixes = [...answerPrefixes, "The correct answer", "The correct option"];
const { domains, durations, taskTypes } = videoMmeGroups;

/**
 * Video-MME: the first of A to D in the output without its prefixes. An output without one leaves the denominator.
 *
 * @see thanku-all/parse_answer@afd52cf eval_your_results.py `extract_characters_regex`
 */
export const videoMme: BenchmarkScorer = { read, aggregate };

function read({ gold }: BenchmarkItem, output: string): Reading {
  const text = prefixes.reduce((rest, prefix) => rest.replaceAll(prefix, ""), strip(output));
  const extracted = /[ABCD]/.exec(text)?.[0];
  if (extracted === undefined) return { score: null, extracted: "", status: "dropped" };
  return { score: extracted === gold ? 1 : 0, extracted };
}

interface Answered {
  duration: string;
  domain: string;
  taskType: string;
  score: number;
}

/** Percentages of the answered items as the script prints them: by duration, and of all. */
function aggregate(items: readonly BenchmarkItem[], readings: readonly Reading[]): Record<string, unknown> {
  const answered = items.flatMap((item, i): Answered[] => {
    const { score } = readings[i]!;
    if (score === null) return [];
    const duration = fieldOf(item, "duration", "duration");
    return [
      { duration, domain: fieldOf(item, "domain", "domain"), taskType: fieldOf(item, "task_type", "task"), score },
    ];
  });
  const results: Record<string, unknown> = {};
  for (const duration of durations) {
    results[duration] = printed(
      answered.filter((item) => item.duration === duration),
      "Video Categories",
    );
  }
  results.all = printed(
    answered.filter(({ duration }) => durations.includes(duration)),
    "Video Domains",
  );
  return results;
}

const fieldOf = ({ extra, groups }: BenchmarkItem, field: string, group: string): string =>
  String(extra?.[field] ?? groups[group] ?? "");

function printed(answered: readonly Answered[], title: string): Record<string, Record<string, string>> {
  const table = (names: readonly string[], key: "domain" | "taskType") =>
    Object.fromEntries(names.map((name) => [name, percentage(answered.filter((item) => item[key] === name))]));
  return {
    [title]: table(domains, "domain"),
    "Task Categories": table(taskTypes, "taskType"),
    "Overall Performance": { Overall: percentage(answered.filter(({ taskType }) => taskTypes.includes(taskType))) },
  };
}

function percentage(answered: readonly Answered[]): string {
  const correct = answered.reduce((sum, { score }) => sum + score, 0);
  return `${fixedText(answered.length > 0 ? (100 * correct) / answered.length : 0, 1)}%`;
}
