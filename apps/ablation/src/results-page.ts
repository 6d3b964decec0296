import { renderTable } from "@videor1/cli";
import type { MetricInfo } from "@videor1/miniature";
import type { ComparisonResult, Results } from "./collect-results.ts";
import { rules } from "./findings.ts";
import { difference, interval, value, withError } from "./format.ts";
import { type MetricName, metricNames, metrics } from "./metrics.ts";
import type { Provenance } from "./provenance.ts";

/** The results as a Markdown page. Pure. */
export function resultsPage(title: string, results: Results, provenance: Provenance): string {
  const { finished, planned, comparisons } = results;
  const sections = [
    `# ${title}`,
    provenanceText(provenance),
    `Finished runs: ${finished} of ${planned}.`,
    "## What holds and what does not",
    `Rules: ${rules.join(" ")} There are ${comparisons.length} comparisons of ${metricNames.length} measures here.`,
    comparisons.map((comparison) => `- ${comparison.finding}`).join("\n"),
    "## Arms",
    results.arms.map(({ arm, about }) => `- **${arm}**: ${about}`).join("\n"),
    "## All measures",
    "Mean and standard deviation over the runs; shares in %, differences of shares in points.",
    overview(results),
    ...metricNames.flatMap((name) => metricSection(name, results)),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

const provenanceText = ({ command, commits, engines, node, machine, settings }: Provenance): string =>
  [
    `Command: \`${command}\`.`,
    `Code of the runs: ${commits.join(", ") || "unknown"}. Engine: ${engines.join(", ") || "unknown"}, one thread a run; Node.js ${node}.`,
    `This page was made on: ${machine}.`,
    `Settings: ${settings.join("; ")}. All of them stand in the .json file beside this page.`,
  ].join("\n");

function overview({ arms }: Results): string {
  const cell = (arm: Results["arms"][number], name: MetricName): string => {
    const sample = arm.samples[name];
    const { unit } = metrics[name];
    return sample ? `${value(sample.mean, unit)}${sample.sd === null ? "" : ` ± ${value(sample.sd, unit)}`}` : "";
  };
  const measured = metricNames.filter((name) => arms.some(({ samples }) => samples[name]));
  return renderTable(
    ["arm", "runs", ...measured.map((name) => metrics[name].title)],
    arms.map((arm) => [arm.arm, String(arm.runs.length), ...measured.map((name) => cell(arm, name))]),
    { format: "markdown" },
  );
}

/** One measure: every arm, and every comparison. */
function metricSection(name: MetricName, { arms, comparisons }: Results): string[] {
  const info: MetricInfo = metrics[name];
  const show = (number: number) => value(number, info.unit);
  const rows = arms.flatMap(({ arm, samples }) => {
    const sample = samples[name];
    if (!sample) return [];
    const { n, mean, sd } = sample;
    return [[arm, String(n), show(mean), value(sd, info.unit), interval(sample, show)]];
  });
  if (rows.length === 0) return [];
  const compared = comparisons.flatMap((comparison) => comparisonRow(comparison, name, info) ?? []);
  return [
    `## ${info.title}`,
    `${info.about} In ${{ share: "%", tokens: "tokens", seconds: "seconds" }[info.unit]}.`,
    renderTable(["arm", "n", "mean", "sd", "95 % interval"], rows, { format: "markdown" }),
    compared.length === 0
      ? ""
      : renderTable(
          ["arm − other arm", "pairs", "difference ± se", "95 % interval", "higher–lower–equal", "by SFT model"],
          compared,
          { format: "markdown" },
        ),
  ];
}

function comparisonRow({ arm, base, comparisons }: ComparisonResult, name: MetricName, { unit }: MetricInfo) {
  const comparison = comparisons[name];
  if (!comparison) return undefined;
  const { n, higher, lower, equal, byCluster } = comparison;
  return [
    [
      `${arm} − ${base}`,
      String(n),
      withError(comparison, unit),
      interval(comparison, (number) => difference(number, unit)),
      `${higher}–${lower}–${equal}`,
      byCluster.n === n ? "" : `${withError(byCluster, unit)} (${byCluster.n})`,
    ],
  ];
}
