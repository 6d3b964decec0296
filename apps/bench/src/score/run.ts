import { writeFileSync } from "node:fs";
import type { AppOptions } from "@videor1/cli";
import {
  type BenchmarkName,
  benchmarkNames,
  benchmarks,
  type MatchedOutputs,
  matchOutputs,
  type OutputRow,
  OutputsFileError,
  readBenchmark,
  readOutputs,
  type ScoreMatrix,
  scoreMatrix,
  scorerVariants,
} from "@videor1/eval";
import { matrixReport } from "@videor1/report/benchmark";
import type { ScoreConfig } from "./config.ts";
import { type JudgedRun, judgeOutputs } from "./judge-outputs.ts";
import { knowledgeGained } from "./knowledge-gained.ts";

/** What `result` holds. */
export interface ScoreResult extends ScoreMatrix {
  benchmark: BenchmarkName;
  outputs: string[];
  /** Items whose model failed, items without an output, rows that are no item's. */
  failed: Record<string, string>;
  missing: string[];
  unmatched: MatchedOutputs["unmatched"];
  /** VideoMMMU: knowledge gained by scorer, in percent; null where none could be. */
  gains?: Record<string, number | null>;
  judged?: JudgedRun;
}

/**
 * Scores files of outputs, prints scores and disagreements, and what of the files fits no item.
 *
 * @throws {OutputsFileError} If a file cannot be read, or no row fits an item. Throws as `readBenchmark` besides.
 */
export async function scoreOutputs(
  config: ScoreConfig,
  options: Pick<AppOptions, "print" | "signal">,
): Promise<ScoreResult> {
  const { print } = options;
  const rows = config.outputs.flatMap(readOutputs);
  const benchmark = config.benchmark ?? benchmarkIn(rows);
  const { items: all } = await readBenchmark(benchmark, config.data.folder, {
    source: config.source,
    tasks: config.tasks,
    allowOtherCounts: config.data.allowOtherCounts,
  });
  const matched = matchOutputs(all, rows);
  const { outputs, failed, unmatched, missing } = matched;
  tell(config, matched, all.length, print);
  if (outputs.size === 0) {
    const hint = `Do the files answer ${benchmark}? Compare their ids and questions to those in ${config.data.folder}.`;
    throw new OutputsFileError({ file: config.outputs.join(", ") }, "fits no item", hint);
  }
  const items = config.partial ? all.filter(({ id }) => outputs.has(id) || failed.has(id)) : all;
  const scorers = Object.fromEntries(config.scorers.map((name) => [name, scorerVariants[name]]));
  const matrix = scoreMatrix(items, outputs, scorers);
  print(matrixReport(matrix, { title: benchmarks[benchmark].title, most: config.show }));
  const gains = knowledgeGained(config, benchmark, items, outputs, scorers, print);
  const judged = await judgeOutputs(config, items, outputs, options);
  const result: ScoreResult = {
    benchmark,
    outputs: config.outputs,
    ...matrix,
    failed: Object.fromEntries(failed),
    missing,
    unmatched,
    ...(gains && { gains }),
    ...(judged && { judged }),
  };
  if (config.result !== undefined) {
    writeFileSync(config.result, `${JSON.stringify(result, null, 2)}\n`);
    print(`\nAll of it: ${config.result}`);
  }
  return result;
}

/** The benchmark that all rows name. */
function benchmarkIn(rows: readonly OutputRow[]): BenchmarkName {
  const named = new Set(rows.map(({ benchmark }) => benchmark));
  const [only] = named;
  const known = benchmarkNames.find((name) => name === only);
  if (named.size === 1 && known !== undefined) return known;
  const { file } = rows[0]!.place;
  const hint = `Say which it is: benchmark=${benchmarkNames.join("|")}.`;
  throw new OutputsFileError({ file }, "does not say which one benchmark its outputs answer", hint);
}

const shownRows = 5;

function tell({ partial }: ScoreConfig, matched: MatchedOutputs, total: number, print: (line: string) => void): void {
  const { outputs, failed, unmatched, missing } = matched;
  print(`${outputs.size} of ${total} items have an output.`);
  if (failed.size > 0) print(`Of ${failed.size} the model failed; they count as wrong.`);
  if (missing.length > 0) {
    const how = partial ? "are left out (partial=true)" : "count as wrong; partial=true leaves them out";
    print(`${missing.length} have none and ${how}: ${missing.slice(0, shownRows).join(", ")}${dots(missing.length)}`);
  }
  if (unmatched.length > 0) print(`${unmatched.length} rows are no item's:`);
  for (const { place, reason } of unmatched.slice(0, shownRows))
    print(`  ${place.file}, line ${place.line}: ${reason}`);
  if (unmatched.length > shownRows) print(`  and ${unmatched.length - shownRows} more`);
  print("");
}

const dots = (count: number): string => (count > shownRows ? ", …" : "");
