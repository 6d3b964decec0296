import type { Benchmark } from "./benchmark.ts";
import type { BenchmarkName } from "./benchmark-name.ts";
import { egoschema } from "./benchmarks/egoschema.ts";
import { longVideoBench } from "./benchmarks/longvideobench.ts";
import { mathvista } from "./benchmarks/mathvista.ts";
import { miniature } from "./benchmarks/miniature.ts";
import { mmvu } from "./benchmarks/mmvu.ts";
import { mvbench } from "./benchmarks/mvbench.ts";
import { pope } from "./benchmarks/pope.ts";
import { tempcompass } from "./benchmarks/tempcompass.ts";
import { videoHolmes } from "./benchmarks/video-holmes.ts";
import { videoMme } from "./benchmarks/video-mme.ts";
import { videoMmmu } from "./benchmarks/video-mmmu.ts";
import { vsiBench } from "./benchmarks/vsi-bench.ts";

/**
 * Every benchmark by name: first the paper's six.
 *
 * @see arXiv:2503.21776 section 4; tulerfeng/Video-R1@59d65c3 src/eval_bench.py
 */
export const benchmarks: Readonly<Record<BenchmarkName, Benchmark>> = {
  mvbench,
  tempcompass,
  "video-mme": videoMme,
  "video-mmmu": videoMmmu,
  "vsi-bench": vsiBench,
  mmvu,
  longvideobench: longVideoBench,
  egoschema,
  "video-holmes": videoHolmes,
  pope,
  mathvista,
  miniature,
};
