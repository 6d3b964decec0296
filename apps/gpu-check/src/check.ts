// The entry of the bundle. The whole check: `node check.mjs [--size 7b] [--device cuda:0] [--minutes 9] [--out FOLDER]`. One
// stage, as the check starts each in its own process: `node check.mjs stage NAME DEVICE SIZE WEIGHTS`.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runCheck } from "./run-check.ts";
import { bench } from "./stages/bench.ts";
import { bf16 } from "./stages/bf16.ts";
import { conformance } from "./stages/conformance.ts";
import { golden } from "./stages/golden.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: "string", default: "7b" },
    device: { type: "string" },
    minutes: { type: "string", default: "9" },
    out: { type: "string", default: process.env.OUT ?? join(import.meta.dirname, "results") },
  },
});

const [what, name, device, size, weights] = positionals;
const stages: Record<string, () => Promise<void>> = {
  conformance: () => conformance(device!),
  golden,
  bf16: () => bf16(device!),
  bench: () => bench(device!, size!, weights!),
};
if (what === "stage") await stages[name!]!();
else process.exitCode = (await runCheck({ ...options, minutes: Number(options.minutes) })) ? 0 : 1;
