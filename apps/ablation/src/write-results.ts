import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { replaceFile } from "@videor1/runs";
import { collectResults } from "./collect-results.ts";
import type { AblationConfig } from "./config.ts";
import type { Plan } from "./plan-runs.ts";
import { type Provenance, provenanceOf } from "./provenance.ts";
import { type Results, resultsOf } from "./results.ts";
import { readResultsFile } from "./results-file.ts";
import { resultsPage } from "./results-page.ts";

interface Written {
  page: string;
  results: Results;
}

/** Writes the results page and, beside it, all numbers and settings as JSON, from the runs that are finished. */
export async function writeResults(config: AblationConfig, plan: Plan): Promise<Written> {
  const results = await collectResults(config, plan);
  const { output, jobs: _, only: __, from: ___, ...settings } = config;
  const page = output ?? join(config.runDir, "results.md");
  return write(page, config.title, provenanceOf(config, plan, process.argv.slice(2)), settings, results);
}

/**
 * Writes the same from the runs in an earlier .json: their measures, provenance and settings stay as they are; title,
 * comparisons and what is said about the arms are those of the config.
 */
export function rewriteResults(config: AblationConfig, from: string): Written {
  const { title, base, comparisons, output } = config;
  const { provenance, settings, arms, planned } = readResultsFile(from);
  const described = arms.map(({ arm, about, runs }) => ({ arm, about: config.arms[arm]?.about ?? about, runs }));
  const results = resultsOf(described, { base, comparisons }, planned);
  return write(output ?? from, title, provenance, { ...settings, title, base, comparisons }, results);
}

function write(path: string, title: string, provenance: Provenance, settings: object, results: Results): Written {
  const stem = path.replace(/\.(md|json)$/, "");
  mkdirSync(dirname(path), { recursive: true });
  replaceFile(`${stem}.md`, resultsPage(title, results, provenance));
  replaceFile(`${stem}.json`, `${JSON.stringify({ provenance, settings, ...results }, null, 1)}\n`);
  return { page: `${stem}.md`, results };
}
