import { basename } from "node:path";
import type { AppOptions } from "@videor1/cli";
import { LintKeys, runLint } from "@videor1/data-tools";

/** Prints, for each file of records, what `videor1-data lint` finds in it, in a line. */
export async function lintData(files: readonly string[], options: AppOptions): Promise<void> {
  for (const records of files) {
    const { records: count, findings } = await runLint(LintKeys.parse({ records, most: 0 }), options);
    const found = findings.map(({ level, code, count }) => `${level} ${code} ${count}`).join(", ");
    options.print(`lint: ${basename(records)}: ${count} records, ${found || "no finding"}`);
  }
}
