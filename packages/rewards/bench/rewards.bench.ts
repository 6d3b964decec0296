// How long does it take to score one completion's accuracy? Over the recorded cases, by problem type, beside the original.
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { accuracyReward, type ProblemType, problemTypes, type Rules } from "../src/index.ts";

interface Case {
  type: string;
  completion: string;
  solution: string;
}

const file = new URL("../test/golden/rewards.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: Case[] };

/**
 * Microseconds a case that the original's `accuracy_reward` takes on the same cases, in CPython 3.11 on one core of a
 * machine like the one that the README names. Measured beforehand, with its libraries: a bench in npm cannot bring them.
 */
const python: Record<string, number> = {
  all: 40.6,
  "multiple choice": 6.7,
  numerical: 7.8,
  OCR: 14.7,
  "free-form": 171,
};

/** The fastest of many passes, after as many to warm up: other load can only slow a pass. */
function microsecondsPerCase(chosen: readonly Case[], rules: Rules, passes = 300): number {
  let best = Number.POSITIVE_INFINITY;
  let checksum = 0;
  for (let i = 0; i < 2 * passes; i++) {
    const start = performance.now();
    for (const { completion, solution, type } of chosen) {
      checksum += accuracyReward(completion, solution, type as ProblemType, { rules });
    }
    if (i >= passes) best = Math.min(best, ((performance.now() - start) * 1000) / chosen.length);
  }
  if (!Number.isFinite(checksum)) throw new RangeError("bench: a reward was not finite");
  return Number(best.toFixed(3));
}

const results: Record<string, Record<string, number>> = {};
console.log("us/case           cases   video-r1       safe     Python   times faster (video-r1)");
for (const type of ["all", ...problemTypes]) {
  const chosen = type === "all" ? cases : cases.filter((c) => c.type === type);
  const ours = microsecondsPerCase(chosen, "video-r1");
  const safe = microsecondsPerCase(chosen, "safe");
  const original = python[type];
  results[type] = {
    "video-r1": ours,
    safe,
    ...(original && { python: original, timesFaster: Math.round(original / ours) }),
  };
  const columns = [chosen.length, ours, safe, original ?? "", original ? (original / ours).toFixed(1) : ""];
  console.log(type.padEnd(16), ...columns.map((column, i) => String(column).padStart(i === 0 ? 6 : 10)));
}
console.log(
  JSON.stringify({ bench: "rewards", unit: "us/case", cpu: cpus()[0]?.model, node: process.version, ...results }),
);
