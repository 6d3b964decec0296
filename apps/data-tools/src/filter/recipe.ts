import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { describeConfig } from "@videor1/cli";
import { FilterConfig } from "./config.ts";

/** The file beside an output that makes it again. */
export const recipePath = (output: string): string => `${output}.recipe.yaml`;

const settingsText = ({ overwrite: _, json: __, ...settings }: FilterConfig): string =>
  `${describeConfig(FilterConfig, settings)}\n`;

/**
 * Writes how an output was made: its settings as YAML that the verb reads, below comments with the facts.
 *
 * @param facts - A line each.
 */
export function writeRecipe(config: FilterConfig, facts: readonly string[]): void {
  const path = recipePath(config.output);
  const head = [`videor1-data filter ${path} overwrite=true`, ...facts].map((line) => `# ${line}\n`);
  writeFileSync(`${path}.partial`, `${head.join("")}${settingsText(config)}`);
  renameSync(`${path}.partial`, path);
}

/** Whether the recipe beside the output has these settings. */
export function isOwnOutput(config: FilterConfig): boolean {
  const path = recipePath(config.output);
  return existsSync(path) && readFileSync(path, "utf8").endsWith(`\n${settingsText(config)}`);
}
