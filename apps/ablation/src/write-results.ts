import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { replaceFile } from "@videor1/runs";
import { collectResults, type Results } from "./collect-results.ts";
import type { AblationConfig } from "./config.ts";
import type { Plan } from "./plan-runs.ts";
import { provenanceOf } from "./provenance.ts";
import { resultsPage } from "./results-page.ts";

/** Writes the results page and, beside it, all numbers and settings as JSON, from the runs that are finished. */
export async function writeResults(config: AblationConfig, plan: Plan): Promise<{ page: string; results: Results }> {
  const results = await collectResults(config, plan);
  const provenance = provenanceOf(config, plan, process.argv.slice(2));
  const { output, jobs: _, only: __, ...settings } = config;
  const page = output ?? join(config.runDir, "results.md");
  mkdirSync(dirname(page), { recursive: true });
  replaceFile(page, resultsPage(config.title, results, provenance));
  replaceFile(page.replace(/(\.md)?$/, ".json"), `${JSON.stringify({ provenance, settings, ...results }, null, 1)}\n`);
  return { page, results };
}
