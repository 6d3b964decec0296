import { mediaFailureCodes } from "@videor1/data";
import type { ItemOutcome } from "@videor1/runs";
import type { ScoredItem } from "./headline.ts";
import type { BenchmarkItem } from "./item.ts";
import { keyOf, type Prediction } from "./prediction.ts";
import type { Reading, Scorer } from "./scorers/scorer.ts";

/** An item, what a model said, and how scorers read it. */
export interface ItemResult extends ScoredItem {
  prediction: Prediction;
  /** By the scorer's name; of an item without an answer, that of no answer, which is worth 0. */
  readings: Readonly<Record<string, Reading>>;
  /** By the main scorer. Every outcome stands in the denominator, all but `scored` with 0. */
  outcome: ItemOutcome;
}

/** The score of a reading in [0, 1]; null where there is none, also by the mark -1 that lmms-eval and VLMEvalKit have for that. */
export const earned = ({ score }: Pick<Reading, "score">): number | null =>
  score === null || score < 0 ? null : score;

/** What a scorer has of an item that was not answered. */
const noAnswer: Reading = { score: 0, extracted: null, status: "unparsed" };

/**
 * Reads a run's answers by several scorers. The score is the main scorer's.
 *
 * @param predictions - one for each item, in any order.
 * @param scorers - by name, those that know the benchmark; the first is the main one.
 * @throws {RangeError} If an item has no prediction, or no scorer is given.
 */
export function scoreItems(
  items: readonly BenchmarkItem[],
  predictions: readonly Prediction[],
  scorers: Readonly<Record<string, Scorer>>,
): ItemResult[] {
  const [main] = Object.keys(scorers);
  if (main === undefined) throw new RangeError("scoreItems: there must be at least one scorer");
  const byId = new Map(predictions.map((prediction) => [keyOf(prediction), prediction]));
  return items.map((item) => {
    const prediction = byId.get(item.id);
    if (prediction === undefined) throw new RangeError(`scoreItems: item ${item.id} has no prediction`);
    const readings = Object.fromEntries(
      Object.entries(scorers).flatMap(([name, scorer]): [string, Reading][] => {
        const rules = scorer[item.benchmark];
        if (rules === undefined) return [];
        return [[name, prediction.status === "answered" ? rules.read(item, prediction.output) : noAnswer]];
      }),
    );
    const reading = readings[main];
    return {
      item,
      prediction,
      readings,
      outcome: outcomeOf(prediction, reading),
      score: (reading && earned(reading)) ?? 0,
    };
  });
}

function outcomeOf(prediction: Prediction, reading: Reading | undefined): ItemOutcome {
  if (prediction.status === "failed")
    return prediction.code !== undefined && prediction.code in mediaFailureCodes ? "missing-media" : "engine-error";
  if (reading?.status === undefined) return "scored";
  return reading.status === "unjudged" || reading.status === "judge" ? "unjudged" : "unparsed";
}

/** Whether two of the scorers that give the item a score give it different ones. */
export function isDisputed({ readings }: Pick<ItemResult, "readings">): boolean {
  const scores = Object.values(readings).flatMap((reading) => earned(reading) ?? []);
  return scores.some((score) => Math.abs(score - scores[0]!) > 1e-6);
}
