import {
  type BenchmarkItem,
  type BenchmarkName,
  deltaKnowledge,
  matchOutputs,
  OutputsFileError,
  readOutputs,
  type Scorer,
  scoreMatrix,
} from "@videor1/eval";
import type { ScoreConfig } from "./config.ts";

/**
 * VideoMMMU's knowledge gained in Adaptation by each scorer, over the items that both runs answer.
 *
 * @throws {OutputsFileError} If a baseline is given of another benchmark, or shares no item with the outputs.
 */
export function knowledgeGained(
  { baseline }: Pick<ScoreConfig, "baseline">,
  benchmark: BenchmarkName,
  items: readonly BenchmarkItem[],
  outputs: ReadonlyMap<string, string>,
  scorers: Readonly<Record<string, Scorer>>,
  print: (line: string) => void,
): Record<string, number | null> | undefined {
  if (baseline === undefined) return undefined;
  const adaptation = items.filter(({ groups }) => groups.task === "Adaptation");
  const without = matchOutputs(adaptation, baseline.flatMap(readOutputs)).outputs;
  const both = adaptation.filter(({ id }) => outputs.has(id) && without.has(id));
  if (benchmark !== "video-mmmu" || both.length === 0) {
    const hint = "A baseline answers VideoMMMU's Adaptation questions, asked with their pictures alone.";
    throw new OutputsFileError({ file: baseline.join(", ") }, "answers no question that the outputs answer", hint);
  }
  const [after, before] = [outputs, without].map((answers) => scoreMatrix(both, answers, scorers).scorers);
  const gains = after!.map(({ name, meanOfAll }, i) => {
    const gain = deltaKnowledge(100 * meanOfAll, 100 * before![i]!.meanOfAll);
    return [name, gain] as const;
  });
  const words = gains.map(
    ([name, gain]) => `${name} ${gain === null ? "none (all was right before)" : `${gain.toFixed(1)} %`}`,
  );
  print(`\nKnowledge gained over ${both.length} items of Adaptation: ${words.join(", ")}.`);
  return Object.fromEntries(gains);
}
