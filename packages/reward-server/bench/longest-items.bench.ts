// How long does one item take at most? The longest that the default --max-item-work admits, in processor milliseconds.
import { cpus } from "node:os";
import { serveSchema } from "../src/options.ts";
import { scoreItem } from "../src/score-item.ts";
import { loadScoring } from "../src/scoring.ts";
import { longestItems } from "../test/longest-items.ts";

const options = await loadScoring(serveSchema.parse({}));
const passes = 10;

/** The fastest of many passes: other load can only slow a pass. */
function fastest(run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < passes; i++) {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1000);
  }
  return Number(best.toFixed(1));
}

const results: Record<string, Record<string, number>> = {};
console.log("ms/item                            OCR   free-form");
for (const [shape, items] of Object.entries(longestItems)) {
  const times = items.map((item) => fastest(() => scoreItem(item, options)));
  results[shape] = Object.fromEntries(items.map(({ problemType }, i) => [problemType, times[i]!]));
  console.log(shape.padEnd(26), ...times.map((time) => time.toFixed(1).padStart(11)));
}
const machine = { cpu: cpus()[0]?.model, node: process.version };
console.log(JSON.stringify({ bench: "longest-items", unit: "ms/item", ...machine, ...results }));
