import { clipOf, type ItemResult, type OrderScore, temporalReliance } from "@videor1/eval";
import { randomStream } from "@videor1/random";
import type { BenchmarkEvaluation } from "@videor1/runs";
import type { Results } from "./results.ts";

/** What the score owes to the frames, by each order that the videos were asked in besides their own. */
export function relianceOf(results: Results, seed: number): BenchmarkEvaluation["reliance"] {
  const ordered = orderScores(results.get("ordered") ?? []);
  const found = [...results].flatMap(([order, others]) => {
    if (order === "ordered") return [];
    const of = temporalReliance(ordered, orderScores(others), randomStream(seed, "bootstrap", order).next);
    return of === undefined ? [] : [[order, of] as const];
  });
  return Object.fromEntries(found);
}

/** A question that could not be asked says nothing of the frames. */
const orderScores = (results: readonly ItemResult[]): OrderScore[] =>
  results.flatMap((result) => {
    const { item, score, prediction } = result;
    return prediction.status === "answered" ? [{ id: item.id, score, clip: clipOf(result) }] : [];
  });
