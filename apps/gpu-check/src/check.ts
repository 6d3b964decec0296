// The entry of the bundle. The check: `node check.mjs [--part 1] [--size 7b] [--device cuda:0] [--minutes 8] [--weights FOLDER]
// [--out FOLDER]`. One stage, as the check starts each in its own process: `node check.mjs stage NAME DEVICE SIZE WEIGHTS`.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runCheck } from "./run-check.ts";
import { bench } from "./stages/bench.ts";
import { bf16 } from "./stages/bf16.ts";
import { conformance } from "./stages/conformance.ts";
import { golden } from "./stages/golden.ts";
import { kernelCases, kernels } from "./stages/kernels.ts";
import { profile } from "./stages/profile.ts";
import { train, ways } from "./stages/train.ts";

const [what, name, device, size, weights] = process.argv.slice(2);
const stages: Record<string, () => Promise<void>> = {
  conformance: () => conformance(device!),
  golden,
  bf16: () => bf16(device!),
  ...Object.fromEntries(Object.entries(ways).map(([name, way]) => [name, () => train(device!, size!, weights!, way)])),
  ...Object.fromEntries(
    (Object.keys(kernelCases) as (keyof typeof kernelCases)[]).map((group) => [
      `kernels ${group}`,
      () => kernels(device!, group),
    ]),
  ),
  bench: () => bench(device!, size!, weights!),
  profile: () => profile(device!, size!, weights!),
};
if (what === "stage") await stages[name!]!();
else
  try {
    const { values } = parseArgs({
      options: {
        size: { type: "string", default: "7b" },
        device: { type: "string" },
        minutes: { type: "string", default: "8" },
        part: { type: "string" },
        weights: { type: "string" },
        out: { type: "string", default: process.env.OUT ?? join(import.meta.dirname, "results") },
      },
    });
    process.exitCode = (await runCheck({ ...values, minutes: Number(values.minutes) })) ? 0 : 1;
  } catch (error) {
    console.error((error as Error).message); // of a mistake in the arguments, or of the disk: stages never throw
    process.exitCode = 2;
  }
