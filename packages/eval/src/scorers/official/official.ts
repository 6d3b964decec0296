import type { Scorer } from "../scorer.ts";
import { mathvista } from "./mathvista.ts";
import { mvbench } from "./mvbench.ts";
import { pope } from "./pope.ts";
import { tempcompass } from "./tempcompass.ts";
import { videoHolmes } from "./video-holmes.ts";
import { videoMme } from "./video-mme.ts";
import { videoMmmu } from "./video-mmmu.ts";
import { vsiBench } from "./vsi-bench.ts";

/**
 * The benchmarks' own scorers, equal to their code in every value, holes and exceptions included. MMVU's is a judge alone;
 * LongVideoBench and EgoSchema have none.
 */
export const official: Scorer = {
  "vsi-bench": vsiBench,
  mvbench,
  tempcompass,
  "video-mme": videoMme,
  "video-mmmu": videoMmmu,
  "video-holmes": videoHolmes,
  mathvista,
  pope,
};
