import { basename } from "node:path";
import type { AppOptions } from "@videor1/cli";
import { LintKeys, runLint } from "@videor1/data-tools";

/**
 * Prints, for each file of records, what `videor1-data lint` finds in it, in a line; of held-back ones also what they share with
 * those of training, but for questions, of which the tasks have few.
 */
export async function lintData(
  { training, heldBack }: { training: readonly string[]; heldBack: readonly string[] },
  options: AppOptions,
): Promise<void> {
  for (const records of [...training, ...heldBack]) {
    const against = heldBack.includes(records) ? { against: training } : {};
    const config = LintKeys.parse({ records, ...against, ignore: "LEAK_QUESTION", most: 0 });
    const { records: count, findings } = await runLint(config, options);
    const found = findings.map(({ level, code, count }) => `${level} ${code} ${count}`).join(", ");
    options.print(`lint: ${basename(records)}: ${count} records, ${found || "no finding"}`);
  }
}
