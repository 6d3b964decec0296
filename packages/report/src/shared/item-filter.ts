/** Filters of the items of a benchmark, for the page and its script. */
import type { ItemView } from "../benchmark/page/benchmark-data.ts";

/** How an item can end, in the order of the filter. */
export const outcomes: readonly ItemView["outcome"][] = [
  "scored",
  "unparsed",
  "unjudged",
  "missing-media",
  "engine-error",
];
export const verdicts = ["right", "partly right", "wrong"] as const;
export const disagreement = ["disagree", "agree"] as const;

/** The reader's filters; an empty string filters nothing. */
export interface ChosenItems {
  /** Index of the evaluation. */
  run: string;
  outcome: string;
  verdict: string;
  scorers: string;
  change: string;
  task: string;
  text: string;
}

/** What the main scorer's score comes to. */
export const verdictOf = ({ score }: Pick<ItemView, "score">): (typeof verdicts)[number] =>
  score === 1 ? "right" : score === 0 ? "wrong" : "partly right";

/** A test of items against the filters. The text is searched in question, options, answer, output and id, in any case. */
export function itemTest({
  run,
  outcome,
  verdict,
  scorers,
  change,
  task,
  text,
}: ChosenItems): (item: ItemView) => boolean {
  const sought = text.toLowerCase();
  return (item) =>
    (!run || run === String(item.run)) &&
    (!outcome || outcome === item.outcome) &&
    (!verdict || verdict === verdictOf(item)) &&
    (!scorers || (scorers === "disagree") === item.disagrees) &&
    (!change || change === item.change) &&
    (!task || task === item.task) &&
    (!sought || texts(item).some((value) => value.toLowerCase().includes(sought)));
}

const texts = ({ id, problem, options, gold, output, reason }: ItemView): string[] => [
  id,
  problem,
  ...options,
  gold,
  output ?? reason ?? "",
];
