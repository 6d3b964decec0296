import type { BenchmarkItem } from "../item.ts";
import type { Reading } from "../scorers/scorer.ts";
import { forEachOf } from "./for-each-of.ts";
import type { Judge, JudgeQuestion, Verdict } from "./judge.ts";
import { type JudgeCache, outputHash } from "./judge-cache.ts";
import { judgeQuestion } from "./judge-question.ts";

export interface JudgeReadingsOptions {
  items: readonly BenchmarkItem[];
  /** The outputs that were read, in the order of the items. */
  outputs: readonly string[];
  /** What the rules read; those that are `unjudged` are judged. */
  readings: readonly Reading[];
  judge: Judge;
  /** The judge's model; it stands in the result and in the cache. */
  model: string;
  cache?: JudgeCache;
  /** Items that the rules have scored to be judged too, to see whether both agree; default 0. */
  checks?: number;
  /** Questions at once; default 8. */
  concurrency?: number;
}

/** What a judge said, beside the rules. */
export interface Judged {
  /** The rules' readings, with the judge's where they had none. */
  readings: Reading[];
  model: string;
  /** Versions of the prompts that were used. */
  prompts: string[];
  asked: number;
  cached: number;
  /** Items that stay unjudged, with the reason. */
  failed: { id: string; reason: string }[];
  /** Of the items that the rules had scored: how many the judge scores alike, and the others. */
  agreement: { n: number; agreed: number; differ: { id: string; rules: number; judge: number }[] };
}

/** Judges what rules could not. A judge that fails leaves an item unjudged, and nothing is scored by chance. */
export async function judgeReadings(options: JudgeReadingsOptions): Promise<Judged> {
  const { items, outputs, readings, model, checks = 0, concurrency = 8 } = options;
  const byId = new Map(items.map((item) => [item.id, item]));
  const result: Judged = {
    readings: [...readings],
    model,
    prompts: [],
    asked: 0,
    cached: 0,
    failed: [],
    agreement: { n: 0, agreed: 0, differ: [] },
  };
  const prompts = new Set<string>();
  const unjudged = [...items.keys()].filter((i) => readings[i]!.status === "unjudged");
  const scored = evenly(
    [...items.keys()].filter((i) => readings[i]!.status === undefined && isAsked(i)),
    checks,
  );
  await forEachOf([...unjudged, ...scored], concurrency, async (i) => {
    const { id } = items[i]!;
    const question = judgeQuestion(items[i]!, outputs[i]!, (other) => byId.get(other));
    if (question === undefined) {
      result.failed.push({ id, reason: "the multi-choice question that a judge would answer is not among the items" });
      return;
    }
    prompts.add(question.prompt);
    const judged = await verdictOn(question, i).catch((error: unknown) => String(error));
    if (typeof judged === "string") result.failed.push({ id, reason: judged });
    else if (readings[i]!.status === "unjudged") {
      result.readings[i] = { ...judged, rule: `judge, ${question.prompt}` };
    } else compare(id, readings[i]!.score ?? 0, judged.score ?? 0);
  });
  const places = new Map(items.map(({ id }, i) => [id, i]));
  const byPlace = (a: { id: string }, b: { id: string }) => places.get(a.id)! - places.get(b.id)!;
  result.failed.sort(byPlace); // replies come in any order
  result.agreement.differ.sort(byPlace);
  result.prompts = [...prompts].sort();
  return result;

  function isAsked(i: number): boolean {
    return judgeQuestion(items[i]!, outputs[i]!, (other) => byId.get(other)) !== undefined;
  }

  /** A reply without a verdict is not kept, so that another run asks again. */
  async function verdictOn({ prompt, messages, read }: JudgeQuestion, i: number): Promise<Verdict> {
    const { id, benchmark } = items[i]!;
    const key = { model, prompt, benchmark, id, output: outputHash(outputs[i]!) };
    const known = options.cache?.get(key);
    if (known === undefined) result.asked++;
    else result.cached++;
    const reply = known ?? (await options.judge(messages));
    const verdict = read(reply);
    if (verdict === undefined)
      throw new RangeError(`no verdict in the judge's reply ${JSON.stringify(reply.slice(0, 100))}`);
    if (known === undefined) options.cache?.put(key, reply);
    return verdict;
  }

  function compare(id: string, rules: number, judge: number): void {
    result.agreement.n++;
    if (rules === judge) result.agreement.agreed++;
    else result.agreement.differ.push({ id, rules, judge });
  }
}

/** `count` of the values, as far apart as they can be. */
const evenly = <T>(values: readonly T[], count: number): T[] =>
  count >= values.length
    ? [...values]
    : Array.from({ length: count }, (_, i) => values[Math.floor((i * values.length) / count)]!);
