// How long does it take to score one completion? Accuracy and format over the recorded cases, by problem type.
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { accuracyReward, formatReward, type ProblemType, problemTypes } from "../src/index.ts";

interface Case {
  type: string;
  completion: string;
  solution: string;
}

const file = new URL("../test/golden/rewards.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: Case[] };

/** Microseconds for one case: the median of `repeats` passes over all of them, after as many to warm up. */
function microsecondsPerCase(chosen: readonly Case[], repeats = 101): number {
  const passes: number[] = [];
  let checksum = 0;
  for (let i = 0; i < 2 * repeats; i++) {
    const start = performance.now();
    for (const { completion, solution, type } of chosen) {
      checksum += accuracyReward(completion, solution, type as ProblemType) + formatReward(completion);
    }
    if (i >= repeats) passes.push(((performance.now() - start) * 1000) / chosen.length);
  }
  if (!Number.isFinite(checksum)) throw new RangeError("bench: a reward was not finite");
  return passes.sort((a, b) => a - b)[repeats >> 1]!;
}

const results: Record<string, number> = {};
for (const type of ["all", ...problemTypes]) {
  const chosen = type === "all" ? cases : cases.filter((c) => c.type === type);
  results[type] = Number(microsecondsPerCase(chosen).toFixed(3));
  console.log(`${type.padEnd(16)} ${String(chosen.length).padStart(4)} cases  ${results[type]} us/case`);
}
console.log(
  JSON.stringify({ bench: "rewards", unit: "us/case", cpu: cpus()[0]?.model, node: process.version, ...results }),
);
