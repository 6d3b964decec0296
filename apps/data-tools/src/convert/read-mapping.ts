import { existsSync } from "node:fs";
import { loadConfig } from "@videor1/cli";
import type { Mapping } from "@videor1/curation";
import type { z } from "zod";
import { ConvertError } from "./convert-error.ts";
import { mappingNames } from "./row-mapping.ts";

/**
 * The mapping that the settings name: one of the names, or that of a YAML file.
 *
 * @throws {ConvertError} If it is neither. @throws {ConfigError} If the file is no mapping, with its lines.
 */
export function readMapping(
  given: string | Mapping | undefined,
  schema: z.ZodType<Mapping>,
): string | Mapping | undefined {
  if (typeof given !== "string" || mappingNames.includes(given)) return given;
  if (/\.ya?ml$/i.test(given) && existsSync(given)) return loadConfig(schema, given);
  const hint = `Known are ${mappingNames.join(", ")}, and files that end in .yaml.`;
  throw new ConvertError(`mapping=${given}`, "is no mapping", hint);
}
