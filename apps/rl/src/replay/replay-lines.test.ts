import { expect, test } from "vitest";
import type { Difference } from "./differences.ts";
import { replayLines } from "./replay-lines.ts";

const step = (number: number, differences: Difference[] = []) => ({
  step: number,
  metrics: { recorded: { loss: 0.25, gradNorm: 1.5 }, recomputed: { loss: 0.25, gradNorm: 1.25 } },
  groups: 4,
  differences,
});

test("the metrics side by side, then what differs in any of the steps", () => {
  const differences = [{ where: "step 2, record 7.ordered[0].text", recorded: "left", recomputed: "up" }];
  expect(replayLines({ from: "runs/rl/checkpoints/checkpoint-1", steps: [step(2, differences), step(3)] })).toEqual([
    "Steps 2 to 3 from runs/rl/checkpoints/checkpoint-1",
    [
      "step 3    recorded  recomputed  difference",
      "--------  --------  ----------  ----------",
      "loss          0.25        0.25           0",
      "gradNorm       1.5        1.25       -0.25",
    ].join("\n"),
    '✖ step 2, record 7.ordered[0].text: recorded "left", recomputed "up"',
    "1 value differs: the record, the media or the weights are not those of the run, or another engine computes.",
  ]);
});

test("all is well", () => {
  const lines = replayLines({ from: "model", steps: [step(1)] });
  expect([lines[0], lines.at(-1)]).toEqual([
    "Step 1 from model",
    "The answers of 4 prompts, their rewards and advantages, and all metrics agree.",
  ]);
});

test("of very many differences the first ones are told", () => {
  const differences = Array.from({ length: 50 }, (_, i) => ({ where: `w${i}`, recorded: 0, recomputed: undefined }));
  const lines = replayLines({ from: "model", steps: [step(1, differences)] });
  expect(lines.filter((line) => line.startsWith("✖"))).toHaveLength(20);
  expect(lines).toContain("✖ w0: recorded 0, recomputed none");
  expect(lines).toContain("… and 30 more");
});
