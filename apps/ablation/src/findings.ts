/** Sentences on the differences between arms, made from the numbers by the rules that the results page states. */
import { mainMetric } from "@videor1/miniature";
import { type Comparison, type Verdict, verdictOf } from "@videor1/statistics";
import { difference, interval, withError } from "./format.ts";
import { type MetricName, metricNames, metrics } from "./metrics.ts";

/** The rules, for the reader of the page. */
export const rules = [
  "Of one or two pairs, or pairs of one or two SFT models, nothing is said.",
  "A difference is called higher or lower if its 95 % interval (Student's t over the pairs) excludes 0, a hint if only the 90 % interval does, else no difference shown, whatever its sign.",
  "Pairs that share an SFT model are not independent: they are judged with the mean of each model's pairs as one value, too, and the weaker of the two verdicts holds.",
] as const;

export type Comparisons = Readonly<Partial<Record<MetricName, Comparison>>>;

/** The comparison of two arms in words: the main measure in a sentence, then the other measures by verdict. */
export function finding(arm: string, base: string, comparisons: Comparisons): string {
  const main = comparisons[mainMetric];
  if (!main) return `${arm} against ${base}: no pair is finished.`;
  const others = metricNames.filter((name) => name !== mainMetric && comparisons[name]);
  const those = (...verdicts: Verdict[]) => others.filter((name) => verdicts.includes(verdictOf(comparisons[name]!)));
  const withNumbers = (name: MetricName) => {
    const { name: words, unit } = metrics[name];
    return `${words} ${withError(comparisons[name]!, unit)}${units[unit]}`;
  };
  const shown = those("higher", "lower").map(withNumbers);
  const hints = those("hint").map(withNumbers);
  const rest = those("none", "same").map((name) => metrics[name].name);
  return [
    mainSentence(arm, base, main),
    shown.length > 0 && `Also differs: ${shown.join(", ")}.`,
    hints.length > 0 && `Hints: ${hints.join(", ")}.`,
    rest.length > 0 && `No difference shown: ${rest.join(", ")}.`,
  ]
    .filter(Boolean)
    .join(" ");
}

const units = { share: " points", tokens: " tokens", seconds: " s" } as const;
const { name: mainName, unit: mainUnit } = metrics[mainMetric];

function mainSentence(arm: string, base: string, comparison: Comparison): string {
  const { n, mean, higher, lower, equal, byCluster } = comparison;
  const show = (value: number) => difference(value, mainUnit);
  const unit = units[mainUnit];
  const pairs = n === 1 ? "pair" : "pairs";
  const models = byCluster.n < n ? ` of ${byCluster.n} SFT ${byCluster.n === 1 ? "model" : "models"}` : "";
  const numbers = `${withError(comparison, mainUnit)}${unit}, 95 % ${interval(comparison, show)}, ${higher}–${lower}–${equal} of ${n} pairs`;
  const sentence: Record<Verdict, string> = {
    same: `on ${n} ${pairs} ${mainName} is exactly that of ${base}`,
    unknown: `${show(mean)}${unit} of ${mainName}; ${n} ${pairs}${models} ${n === 1 ? "shows" : "show"} nothing`,
    none: `no difference in ${mainName} shown (${numbers})`,
    hint: `a hint of ${mean > 0 ? "higher" : "lower"} ${mainName} (${numbers})`,
    higher: `higher ${mainName} (${numbers})`,
    lower: `lower ${mainName} (${numbers})`,
  };
  return `${arm} against ${base}: ${sentence[verdictOf(comparison)]}.${byModelSentence(comparison)}`;
}

/** The same comparison with SFT models as units; "" unless pairs share SFT models. */
function byModelSentence({ n, byCluster }: Comparison): string {
  const { n: models, higher } = byCluster;
  if (models === n) return "";
  const range = interval(byCluster, (value) => difference(value, mainUnit));
  const numbers = `${withError(byCluster, mainUnit)}${units[mainUnit]}${range && `, 95 % ${range}`}, ${higher} of ${models} higher`;
  return ` With the ${models} SFT models as units: ${numbers}.`;
}
