import { type AppOptions, formatBytes } from "@videor1/cli";
import { type Outcome, runVerb, type Verb } from "../verb.ts";
import { FetchConfig } from "./config.ts";
import { type FetchResult, fetchRepo } from "./fetch-repo.ts";
import { hubSettings } from "./hub-settings.ts";

/** Fetches a repository's files into the Hub's cache or a folder. */
export async function fetchFiles(config: FetchConfig, options: AppOptions): Promise<Outcome> {
  const result = await fetchRepo(config, { ...options, settings: hubSettings() });
  return { text: textOf(result), result, isFine: result.failed + result.refused === 0 };
}

function textOf({
  repo,
  revision,
  commit,
  folder,
  files,
  fetched,
  there,
  failed,
  refused,
  received,
  failures,
}: FetchResult): string {
  const head = `${repo} at ${revision}${revision === commit ? "" : ` (${commit.slice(0, 12)})`}: ${files} files`;
  const ends = [`${fetched} fetched (${formatBytes(received)} received)`, `${there} there already`];
  if (failed + refused > 0) ends.push(`${failed} failed, ${refused} refused`);
  const faults = failures
    .slice(0, 20)
    .map(({ path, code, reason, hint }) => `${JSON.stringify(path)}: ${code}, ${reason}\n  ${hint}`);
  if (failures.length > 20) faults.push(`${failures.length - 20} more; --json names all`);
  return [`${head}, ${ends.join(", ")}.`, folder, ...(faults.length > 0 ? ["", ...faults] : [])].join("\n");
}

const verb: Verb<typeof FetchConfig> = {
  name: "fetch",
  description: "Fetch data sets and models from the Hugging Face Hub, checked; goes on where it ended.",
  schema: FetchConfig,
  words: ["repo", "include…"],
  run: fetchFiles,
};

/** `videor1-data fetch`. */
export const command = (argv: readonly string[]): Promise<void> => runVerb(verb, argv);
