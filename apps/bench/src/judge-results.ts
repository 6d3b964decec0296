import { join } from "node:path";
import type { AppOptions } from "@videor1/cli";
import { type ItemResult, type Judged, judgeReadings, openJudgeCache } from "@videor1/eval";
import type { BenchmarkEvaluation } from "@videor1/runs";
import type { JudgeOptions } from "./config.ts";
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
  try {
    const judged = await judgeReadings({
      items: results.map(({ item }) => item),
      outputs: results.map(({ prediction }) => (prediction.status === "answered" ? prediction.output : "")),
      readings: results.map(({ readings }) => readings[mainScorer]!),
      judge: servedJudge(options, signal),
      model,
      cache,
      checks,
      concurrency: concurrency * urls.length,
    });
    signal.throwIfAborted();
    const [failure] = judged.failed;
    if (failure !== undefined)
      print(`The judge gave no verdict on ${judged.failed.length} items; the first, ${failure.id}: ${failure.reason}`);
    return { results: withReadings(results, mainScorer, judged), judge: summaryOf(judged) };
  } finally {
    cache.close();
  }
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
