import { expect, test } from "vitest";
import { benchmarkNames, benchmarks } from "./benchmarks.ts";
import { publishedScores } from "./published.ts";

test("six benchmarks in the original's order, and only VSI-Bench counts regression", () => {
  expect(benchmarkNames).toEqual(["mvbench", "tempcompass", "videomme", "videommmu", "vsibench", "mmvu"]);
  expect(benchmarks.videommmu.recordsFile).toBe("eval_videommmu.json");
  expect(benchmarkNames.filter((name) => benchmarks[name].metric === "accuracy and mra")).toEqual(["vsibench"]);
});

test("the paper's headline rows", () => {
  const videoR1 = (frames: number) =>
    publishedScores.find((row) => row.model === "Video-R1-7B" && row.frames === frames);
  expect(videoR1(16)).toMatchObject({ vsibench: 34.6, videommmu: 49.8, mmvu: 64.2, mvbench: 62.7, videomme: 57.4 });
  expect(videoR1(32)).toMatchObject({ vsibench: 35.8, tempcompass: 73.2 });
  expect(videoR1(64)).toMatchObject({ vsibench: 37.1, videomme: 61.4 });
});

test("each benchmark lists the rows that report it", () => {
  for (const name of benchmarkNames) {
    const { published } = benchmarks[name];
    expect(published.length).toBeGreaterThan(10);
    for (const { percent } of published) {
      expect(percent).toBeGreaterThan(20);
      expect(percent).toBeLessThan(80);
    }
  }
  expect(benchmarks.vsibench.published.map(({ model }) => model)).not.toContain("LLaMA-VID");
});
