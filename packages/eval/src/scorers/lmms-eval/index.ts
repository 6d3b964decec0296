import type { Scorer } from "../scorer.ts";
import { readingOf } from "../shared/reading-of.ts";
import { egoschema } from "./egoschema.ts";
import { longvideobench } from "./longvideobench.ts";
import { mathvista } from "./mathvista.ts";
import { mmvu } from "./mmvu.ts";
import { mvbench } from "./mvbench.ts";
import { pope } from "./pope.ts";
import { stripReasoning } from "./strip-reasoning.ts";
import { tempcompass } from "./tempcompass.ts";
import { videoHolmes } from "./video-holmes.ts";
import { videoMme } from "./video-mme.ts";
import { videoMmmu } from "./video-mmmu.ts";
import { vsiBench } from "./vsi-bench.ts";

/** lmms-eval's task functions on the outputs as they are (lmms-eval 0.7.3). */
export const lmmsEval: Scorer = {
  "vsi-bench": vsiBench,
  "video-mme": videoMme,
  mvbench,
  "video-mmmu": videoMmmu,
  mmvu,
  tempcompass,
  longvideobench,
  egoschema,
  "video-holmes": videoHolmes,
  pope,
  mathvista,
};

/** lmms-eval as its command line runs: the reasoning is cut out first, by its default --reasoning_tags. */
export const lmmsEvalStripped: Scorer = readingOf(lmmsEval, stripReasoning);
