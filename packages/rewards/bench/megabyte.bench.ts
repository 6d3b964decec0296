// How long does it take to score a completion of a megabyte? Accuracy and format, for every shape, type and rules.
import { cpus } from "node:os";
import { accuracyReward, formatReward, problemTypes } from "../src/index.ts";
import { longCompletions, longOptions, solutionFor } from "../test/long-completions.ts";
import { processorMilliseconds } from "../test/processor-time.ts";

const completions = Object.entries(longCompletions(1_000_000));
const passes = 20;

/** Processor milliseconds of the fastest of many passes: other load can only slow a pass. */
function fastest(run: () => void): number {
  const times = Array.from({ length: passes }, () => processorMilliseconds(run));
  return Number(Math.min(...times).toFixed(1));
}

const columns = problemTypes.flatMap((type) => Object.keys(longOptions).map((rules) => `${type}, ${rules}`));
const results: Record<string, number[]> = {};
console.log(`ms/completion: ${columns.join(" | ")}`);
for (const [shape, completion] of completions) {
  const times = problemTypes.flatMap((type) =>
    Object.values(longOptions).map((options) =>
      fastest(() => {
        accuracyReward(completion, solutionFor(type), type, options);
        formatReward(completion, { rules: options.rules });
      }),
    ),
  );
  results[shape] = times;
  console.log(shape.padEnd(42), ...times.map((time) => time.toFixed(1).padStart(6)));
}
const slowest = Math.max(...Object.values(results).flat());
const machine = { cpu: cpus()[0]?.model, node: process.version };
console.log(JSON.stringify({ bench: "megabyte", unit: "ms/completion", ...machine, slowest, columns, ...results }));
