import { renderTable } from "@videor1/cli";
import { benchmarkNames, benchmarks, paperBenchmarkNames } from "@videor1/eval";

/** The benchmarks that `benchmark=` names, with where their files come from. */
export function benchmarkList(): string {
  const rows = benchmarkNames.map((name) => {
    const { title, expected, source, recordsFile } = benchmarks[name];
    const paper = (paperBenchmarkNames as readonly string[]).includes(name) ? "yes" : "";
    const { dataset, licence, gated } = source;
    return [
      name,
      title,
      String(expected?.total ?? ""),
      paper,
      dataset,
      `${licence}${gated ? ", gated" : ""}`,
      recordsFile ?? "",
    ];
  });
  return renderTable(["benchmark", "", "questions", "paper", "on the Hub", "licence", "Video-R1's file"], rows);
}
