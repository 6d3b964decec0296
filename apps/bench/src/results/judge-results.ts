import { join } from "node:path";
import type { AppOptions } from "@videor1/cli";
import {
  type GroundedOptions,
  groundedPrompt,
  groundedResponses,
  type ItemResult,
  type Judged,
  judgeReadings,
  openJudgeCache,
} from "@videor1/eval";
import type { BenchmarkEvaluation } from "@videor1/runs";
import type { JudgeOptions } from "../config.ts";
import { servedJudge } from "./served-judge.ts";

/**
 * Has a language model judge what the main scorer could not, with replies kept in `<folder>/judge.jsonl`, so that none is asked
 * for twice. An item that the judge fails on stays unjudged.
 */
export async function judgeResults(
  results: readonly ItemResult[],
  mainScorer: string,
  folder: string,
  options: JudgeOptions,
  { signal, print }: Pick<AppOptions, "signal" | "print">,
): Promise<{ results: ItemResult[]; judge: NonNullable<BenchmarkEvaluation["judge"]> }> {
  const { urls, model, checks, concurrency } = options;
  const cache = openJudgeCache(join(folder, "judge.jsonl"));
  const items = results.map(({ item }) => item);
  const ask = { items, judge: servedJudge(options, signal), model, cache, concurrency: concurrency * urls.length };
  try {
    const judged = await judgeReadings({
      ...ask,
      outputs: results.map(({ prediction }) => (prediction.status === "answered" ? prediction.output : "")),
      readings: results.map(({ readings }) => readings[mainScorer]!),
      checks,
    });
    signal.throwIfAborted();
    const [failure] = judged.failed;
    if (failure !== undefined)
      print(`The judge gave no verdict on ${judged.failed.length} items; the first, ${failure.id}: ${failure.reason}`);
    const grounded = options.grounded ? await groundedOf(results, ask) : undefined;
    signal.throwIfAborted();
    return {
      results: withReadings(results, mainScorer, judged),
      judge: { ...summaryOf(judged), ...(grounded && { grounded }) },
    };
  } finally {
    cache.close();
  }
}

/** The share of the responses that engage with time. */
async function groundedOf(results: readonly ItemResult[], ask: Omit<GroundedOptions, "responses">) {
  const responses = results.map(({ prediction }) => (prediction.status === "answered" ? prediction.output : undefined));
  const { share, failed } = await groundedResponses({ ...ask, responses });
  return { prompt: groundedPrompt, failed: failed.length, ...(share && { share }) };
}

/** The results with what the judge said in place of `unjudged`. */
function withReadings(results: readonly ItemResult[], mainScorer: string, { readings }: Judged): ItemResult[] {
  return results.map((result, i) => {
    const reading = readings[i]!;
    if (result.outcome !== "unjudged" || reading.status === "unjudged") return result;
    return {
      ...result,
      readings: { ...result.readings, [mainScorer]: reading },
      outcome: "scored",
      score: reading.score ?? 0,
    };
  });
}

const summaryOf = ({ model, prompts, asked, cached, failed, agreement }: Judged) => ({
  model,
  prompts,
  asked,
  cached,
  failed: failed.length,
  agreement: { n: agreement.n, agreed: agreement.agreed },
});
