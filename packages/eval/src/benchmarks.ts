import type { Benchmark } from "./benchmark.ts";
import type { PaperBenchmarkName } from "./benchmark-name.ts";
import { mmvu } from "./benchmarks/mmvu.ts";
import { mvbench } from "./benchmarks/mvbench.ts";
import { tempcompass } from "./benchmarks/tempcompass.ts";
import { videoMme } from "./benchmarks/video-mme.ts";
import { videoMmmu } from "./benchmarks/video-mmmu.ts";
import { vsiBench } from "./benchmarks/vsi-bench.ts";

/**
 * The paper's six benchmarks by name.
 *
 * @see arXiv:2503.21776 section 4; tulerfeng/Video-R1@59d65c3 src/eval_bench.py
 */
export const benchmarks: Readonly<Record<PaperBenchmarkName, Benchmark>> = {
  mvbench,
  tempcompass,
  "video-mme": videoMme,
  "video-mmmu": videoMmmu,
  "vsi-bench": vsiBench,
  mmvu,
};
