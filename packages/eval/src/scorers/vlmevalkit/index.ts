import { strip } from "@videor1/rewards";
import type { BenchmarkName } from "../../benchmark-name.ts";
import type { BenchmarkScorer, Scorer } from "../scorer.ts";
import { readingOf } from "../shared/reading-of.ts";
import { longvideobench } from "./longvideobench.ts";
import { mathvista } from "./mathvista.ts";
import { mvbench } from "./mvbench.ts";
import { pope } from "./pope.ts";
import type { Rules } from "./rules.ts";
import { tempcompass } from "./tempcompass.ts";
import { videoHolmes } from "./video-holmes.ts";
import { videoMme } from "./video-mme.ts";
import { videoMmmu } from "./video-mmmu.ts";
import { vsiBench } from "./vsi-bench.ts";
import { throughXlsx } from "./xlsx-cell.ts";

/** VLMEvalKit has no MMVU and no EgoSchema. */
const rules: Partial<Record<BenchmarkName, Rules>> = {
  "vsi-bench": vsiBench,
  "video-mme": videoMme,
  mvbench,
  "video-mmmu": videoMmmu,
  tempcompass,
  longvideobench,
  "video-holmes": videoHolmes,
  pope,
  mathvista,
};

const scorerOf = (readerOf: (rules: Rules) => BenchmarkScorer["read"]): Scorer =>
  Object.fromEntries(
    Object.entries(rules).map(([name, one]): [string, BenchmarkScorer] => [
      name,
      { read: readerOf(one), aggregate: one.aggregate },
    ]),
  );

/** VLMEvalKit's exact matching as it runs, over its default .xlsx files (open-compass/VLMEvalKit@e8e78f0). */
export const vlmevalkit: Scorer = scorerOf(
  ({ read }) =>
    (item, output) =>
      read(item, throughXlsx(output), output),
);

/** Its rules on the outputs as they are, with no file between. */
export const vlmevalkitBare: Scorer = scorerOf(
  ({ read, readBare = read }) =>
    (item, output) =>
      readBare(item, output, output),
);

/** As it runs where SPLIT_THINK is set in the environment, and the model has no cut of its own. */
export const vlmevalkitSplitThink: Scorer = readingOf(vlmevalkit, splitThinking);

/** What follows the last closing tag of the thinking. */
export function splitThinking(output: string): string {
  const close = "</think>";
  return output.includes(close) ? strip(output.slice(output.lastIndexOf(close) + close.length)) : output;
}
