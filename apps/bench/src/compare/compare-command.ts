import { basename, dirname } from "node:path";
import { parseArgs } from "node:util";
import { randomStream } from "@videor1/random";
import { type BenchmarkRun, compareRuns, comparisonReport } from "@videor1/report/benchmark";
import { readBenchSummary, readPredictions } from "@videor1/runs";

export const compareUsage = `bench compare: two evaluations of one benchmark, item by item.

Usage: npm run bench -- compare A.json B.json [--scorer=safe] [--markdown] [--page=compare.html] [--media=FOLDER]
                                                    [--seed=42]

  A.json B.json  summaries of evaluations, with their predictions beside them; B is measured by A
  --scorer       whose scores; default the main scorer of A
  --markdown     print tables for a document
  --page         also write a page with every item, and a filter of those that only one of the two has right
  --media        folder of the benchmark's media: the page shows frames of up to 200 clips
  --seed         seed of the resampled clips; default 42`;

/**
 * `npm run bench -- compare`: prints a paired comparison of two evaluations.
 *
 * @throws {CompareArgumentsError} If the arguments are not two files and known options.
 * @throws {RunFileError} If a file cannot be read, or the two do not belong together.
 */
export async function compareCommand(argv: readonly string[], print: (line: string) => void): Promise<void> {
  const { values, files } = argumentsOf(argv);
  if (values.help) return print(compareUsage);
  const seed = Number(values.seed ?? 42);
  if (files.length !== 2) throw new CompareArgumentsError(`two files are compared, got ${files.length}`);
  if (!Number.isSafeInteger(seed)) throw new CompareArgumentsError(`--seed=${values.seed} is not a whole number`);
  if (values.media !== undefined && values.page === undefined)
    throw new CompareArgumentsError("--media is for the frames of a --page");
  const [first, second] = files.map(readEvaluation) as [BenchmarkRun, BenchmarkRun];
  const comparison = compareRuns(first, second, {
    draws: (name) => randomStream(seed, "compare", name).next,
    scorer: values.scorer,
  });
  print(comparisonReport(comparison, { format: values.markdown ? "markdown" : "plain" }));
  const { page, media } = values;
  if (page === undefined) return;
  const { benchmarkPage, seenFrames } = await import("@videor1/report"); // its bundler loads only when needed
  await benchmarkPage([first, second], {
    title: "A comparison",
    page,
    comparison,
    ...(media !== undefined && { frames: seenFrames(media) }),
  });
  print(`The page: ${page}`);
}

function argumentsOf(argv: readonly string[]) {
  const text = { type: "string" } as const;
  const options = {
    scorer: text,
    seed: text,
    page: text,
    media: text,
    markdown: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    return { values, files: positionals };
  } catch (cause) {
    throw new CompareArgumentsError((cause as Error).message, { cause });
  }
}

/** The evaluation of a summary's file, with the predictions beside it. */
function readEvaluation(file: string): BenchmarkRun {
  if (!file.endsWith(".json")) throw new CompareArgumentsError(`${file} is no summary: its name must end in .json`);
  const [folder, name] = [dirname(file), basename(file, ".json")];
  return { summary: readBenchSummary(folder, name), items: readPredictions(folder, name) };
}

/** The command line of a comparison names no two evaluations, or an option that there is not. */
export class CompareArgumentsError extends Error {
  override readonly name = "CompareArgumentsError";
  readonly code = "COMPARE_ARGUMENTS";
  readonly hint = compareUsage;
}
