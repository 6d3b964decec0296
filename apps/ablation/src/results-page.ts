import { renderTable } from "@videor1/cli";
import { type MetricInfo, mainMetric } from "@videor1/miniature";
import { countCells, type PValues, pValues } from "./chance.ts";
import type { ComparisonResult } from "./compare-arms.ts";
import { rules } from "./findings.ts";
import { difference, interval, probability, value, withError, withSeeds } from "./format.ts";
import { type MetricName, metrics } from "./metrics.ts";
import type { Provenance } from "./provenance.ts";
import type { Results } from "./results.ts";

/** The results as a Markdown page. Pure. */
export function resultsPage(title: string, results: Results, provenance: Provenance): string {
  const { finished, planned, comparisons } = results;
  const sections = [
    `# ${title}`,
    provenanceText(provenance),
    `Finished runs: ${finished} of ${planned}.`,
    "## What holds and what does not",
    `Rules: ${rules.join(" ")}`,
    chanceText(results),
    comparisons.map((comparison) => `- ${comparison.finding}`).join("\n"),
    "## Arms",
    results.arms.map(({ arm, about }) => `- **${arm}**: ${about}`).join("\n"),
    "## All measures",
    "Mean and standard deviation over the runs; shares in %, differences of shares in points.",
    overview(results),
    results.doubled
      .map(({ name, same }) => `${metrics[name].title}: left out, in every run it equals ${metrics[same].name}.`)
      .join("\n"),
    "The worst of an arm's runs stands beside its mean, the pair that changed most for the worse beside a difference, both as value (SFT seed-RL seed).",
    ...results.metrics.flatMap((name) => metricSection(name, results)),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

const provenanceText = ({ command, commits, engines, node, machine, settings }: Provenance): string =>
  [
    `Command: \`${command}\`.`,
    `Code of the runs: ${commits.join(", ") || "unknown"}. Engine: ${engines.join(", ") || "unknown"}, one thread a run; Node.js ${node}.`,
    `Measured on: ${machine}.`,
    `Settings: ${settings.join("; ")}. All of them stand in the .json file beside this page.`,
  ].join("\n");

/** How many cells are compared, how many would differ by chance, and which arms still differ after Holm's correction. */
function chanceText({ comparisons, metrics: names }: Results): string {
  const { judged, differ, hints, byChance } = countCells(comparisons);
  if (judged === 0) return "";
  const corrected = pValues(comparisons, mainMetric);
  const family = corrected.filter((ps) => ps !== null).length;
  const remain = comparisons.filter((_, i) => (corrected[i]?.corrected ?? 1) < 0.05);
  const list = remain.map(({ arm, base }) => `${arm} − ${base}`).join(", ");
  return [
    `${comparisons.length} comparisons of ${names.length} measures make ${judged} cells of three or more pairs.`,
    `If all arms were equal, about ${byChance.toFixed(1)} of them would be called higher or lower by chance, and as many a hint;`,
    `${differ} are called higher or lower, ${hints} a hint.`,
    `No interval is corrected for that number. After Holm's correction for the ${family} comparisons in ${metrics[mainMetric].name}`,
    list === "" ? "none differs at 0.05." : `these differ at 0.05: ${list}.`,
  ].join(" ");
}

function overview({ arms, metrics: names }: Results): string {
  const cell = (arm: Results["arms"][number], name: MetricName): string => {
    const sample = arm.samples[name];
    const { unit } = metrics[name];
    return sample ? `${value(sample.mean, unit)}${sample.sd === null ? "" : ` ± ${value(sample.sd, unit)}`}` : "";
  };
  return renderTable(
    ["arm", "runs", ...names.map((name) => metrics[name].title)],
    arms.map((arm) => [arm.arm, String(arm.runs.length), ...names.map((name) => cell(arm, name))]),
    { format: "markdown" },
  );
}

/** One measure: every arm, and every comparison. */
function metricSection(name: MetricName, { arms, comparisons }: Results): string[] {
  const info = metrics[name];
  const show = (number: number) => value(number, info.unit);
  const rows = arms.flatMap(({ arm, samples, worst }) => {
    const sample = samples[name];
    if (!sample) return [];
    const { n, mean, sd } = sample;
    return [[arm, String(n), show(mean), value(sd, info.unit), interval(sample, show), withSeeds(worst[name], show)]];
  });
  if (rows.length === 0) return [];
  const ps = pValues(comparisons, name);
  const compared = comparisons.flatMap((comparison, i) => comparisonRow(comparison, name, info, ps[i] ?? null));
  return [
    `## ${info.title}`,
    `${info.about} In ${{ share: "%", tokens: "tokens", seconds: "seconds" }[info.unit]}.`,
    table(["arm", "n", "mean", "sd", "95 % interval", "worst run"], rows),
    compared.length === 0 ? "" : table(comparisonHeader, compared),
  ];
}

const comparisonHeader = [
  "arm − other arm",
  "pairs",
  "difference ± se",
  "95 % interval",
  "higher–lower–equal",
  "by SFT model",
  "its 95 % interval",
  "p",
  "p by Holm",
  "worst pair",
];

function comparisonRow(
  { arm, base, comparisons, worst }: ComparisonResult,
  name: MetricName,
  { unit }: MetricInfo,
  ps: PValues | null,
): string[][] {
  const comparison = comparisons[name];
  if (!comparison) return [];
  const { n, higher, lower, equal, byCluster } = comparison;
  const show = (number: number) => difference(number, unit);
  const shared = byCluster.n < n;
  return [
    [
      `${arm} − ${base}`,
      String(n),
      withError(comparison, unit),
      interval(comparison, show),
      `${higher}–${lower}–${equal}`,
      shared ? `${withError(byCluster, unit)} (${byCluster.n})` : "",
      shared ? interval(byCluster, show) : "",
      ps ? probability(ps.p) : "",
      ps ? probability(ps.corrected) : "",
      withSeeds(worst[name], show),
    ],
  ];
}

/** A Markdown table without the columns that no row fills. */
function table(header: readonly string[], rows: readonly string[][]): string {
  const filled = header.map((_, i) => rows.some((row) => row[i] !== ""));
  return renderTable(
    header.filter((_, i) => filled[i]),
    rows.map((row) => row.filter((_, i) => filled[i])),
    { format: "markdown" },
  );
}
