/** Sentences on what holds and what does not, made from the numbers by the rules that the results page states. */

import { type MetricName, metricNames, metrics } from "@videor1/miniature";
import type { Comparison } from "@videor1/statistics";
import { difference, interval, withError } from "./format.ts";

/** What a comparison allows to say. unknown: fewer than three pairs. hint: beyond two standard errors, but the 95 % interval includes 0. */
export type Verdict = "same" | "unknown" | "none" | "hint" | "higher" | "lower";

/** The rules, for the reader of the page. */
export const rules = [
  "Of one or two pairs nothing is said.",
  "A difference smaller than two standard errors is called no difference shown, whatever its sign.",
  "One beyond that whose 95 % interval (Student's t over the pairs) includes 0 is called a hint.",
  "Only one whose interval excludes 0 is called higher or lower. Of twenty such comparisons of equal arms, one passes by chance.",
] as const;

export function verdictOf({ n, mean, se, low, high, equal }: Comparison): Verdict {
  if (equal === n) return "same";
  if (n < 3 || se === null || low === null || high === null) return "unknown";
  if (Math.abs(mean) < 2 * se) return "none";
  if (low <= 0 && high >= 0) return "hint";
  return mean > 0 ? "higher" : "lower";
}

export type Comparisons = Readonly<Partial<Record<MetricName, Comparison>>>;

/** What comparing two arms shows: the trap accuracy in a sentence, then the other measures by verdict. */
export function finding(arm: string, base: string, comparisons: Comparisons): string {
  const { trap } = comparisons;
  if (!trap) return `${arm} against ${base}: no pair is finished.`;
  const others = metricNames.filter((name) => name !== "trap" && comparisons[name]);
  const those = (...verdicts: Verdict[]) => others.filter((name) => verdicts.includes(verdictOf(comparisons[name]!)));
  const shown = those("higher", "lower").map((name) => {
    const { mean, se } = comparisons[name]!;
    return `${metrics[name].name} ${withError(mean, se, metrics[name].unit)}${unitOf(name)}`;
  });
  const hints = those("hint").map((name) => {
    const { mean, se } = comparisons[name]!;
    return `${metrics[name].name} ${withError(mean, se, metrics[name].unit)}${unitOf(name)}`;
  });
  const rest = those("none", "same").map((name) => metrics[name].name);
  return [
    trapSentence(arm, base, trap),
    shown.length > 0 && `Also differs: ${shown.join(", ")}.`,
    hints.length > 0 && `Hints: ${hints.join(", ")}.`,
    rest.length > 0 && `No difference shown: ${rest.join(", ")}.`,
  ]
    .filter(Boolean)
    .join(" ");
}

const units = { share: " points", tokens: " tokens", seconds: " s" } as const;
const unitOf = (name: MetricName): string => units[metrics[name].unit];

function trapSentence(arm: string, base: string, comparison: Comparison): string {
  const { n, mean, se, low, high, higher, lower, equal } = comparison;
  const points = (value: number) => difference(value, "share");
  const numbers = `${withError(mean, se, "share")} points, 95 % ${interval(low, high, points)}, ${higher}–${lower}–${equal} of ${n} pairs`;
  const verdict = verdictOf(comparison);
  const sentence = {
    same: `on ${n} ${n === 1 ? "pair" : "pairs"} sampled trap accuracy is exactly that of ${base}`,
    unknown: `${points(mean)} points of sampled trap accuracy; ${n} ${n === 1 ? "pair shows" : "pairs show"} nothing`,
    none: `no difference in sampled trap accuracy shown (${numbers})`,
    hint: `a hint of ${mean > 0 ? "higher" : "lower"} sampled trap accuracy (${numbers})`,
    higher: `higher sampled trap accuracy (${numbers})`,
    lower: `lower sampled trap accuracy (${numbers})`,
  }[verdict];
  return `${arm} against ${base}: ${sentence}.${byModelSentence(comparison)}`;
}

/** Where pairs share SFT models, whether the models as units say the same. */
function byModelSentence({ n, byModel }: Comparison): string {
  if (byModel.n === n || byModel.se === null) return "";
  const numbers = `${withError(byModel.mean, byModel.se, "share")} points, ${byModel.higher} of ${byModel.n} higher`;
  const within = Math.abs(byModel.mean) < 2 * byModel.se ? "; that is within two standard errors" : "";
  return ` With the ${byModel.n} SFT models as units: ${numbers}${within}.`;
}
