import { expect, test } from "vitest";
import { temporaryFolder } from "../test/benchmark-folder.ts";
import { type WholeBenchmark, writeWhole } from "../test/whole-benchmarks.ts";
import { benchmarks } from "./benchmarks.ts";
import { promptsOf, renderPrompt } from "./prompts/render.ts";
import { readBenchmark } from "./read-items.ts";

test.each<[WholeBenchmark, number]>([
  ["vsi-bench", 5130],
  ["video-mmmu", 900],
  ["mmvu", 1000],
  ["mvbench", 4000],
  ["tempcompass", 7540],
  ["video-mme", 2700],
])(
  "%s of its whole size: %d items, whose counts by group are the release's, each asked in the words of every prompt",
  async (name, size) => {
    const folder = writeWhole(name, temporaryFolder());
    const { items, isWhole } = await readBenchmark(name, folder);
    expect({ size: items.length, isWhole }).toEqual({ size, isWhole: true });
    const benchmark = benchmarks[name];
    for (const prompt of promptsOf(benchmark))
      for (const item of items) expect(renderPrompt(benchmark, prompt, item).messages.length).toBeGreaterThan(0);
  },
);
