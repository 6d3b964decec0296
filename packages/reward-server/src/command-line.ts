import { parseArgs } from "node:util";
import { z } from "zod";

/** The command line cannot be understood. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly code = "usage";
  readonly hint = "videor1-rewards --help lists the commands and their options.";
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** A number as a person writes it: `Number` also takes "", " " and 0x10. */
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

interface Flag {
  /** The key of the schema. */
  key: string;
  flag: string;
  isSwitch: boolean;
  isNumber: boolean;
  values: string;
  help: string;
}

/** The flags of a schema: the keys in kebab-case; a boolean is a switch, with `no-` before it if it is on by default. */
function flagsOf(schema: z.ZodObject): Flag[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: "input" });
  const { properties: parsed = {} } = z.toJSONSchema(schema, { io: "output" });
  return Object.entries(properties).map(([key, property]) => {
    const field = property as { type?: string; enum?: string[]; default?: unknown; description?: string };
    const byDefault =
      field.default === undefined || typeof field.default === "boolean" ? "" : ` (default ${field.default})`;
    return {
      key,
      flag: field.default === true ? `no-${kebab(key)}` : kebab(key),
      isSwitch: field.type === "boolean",
      isNumber: ["number", "integer"].includes((parsed[key] as { type?: string }).type ?? ""),
      values: field.enum?.join("|") ?? "value",
      help: `${field.default === true ? "not to " : ""}${field.description ?? ""}${byDefault}`,
    };
  });
}

/** Parses arguments by `schema`: the options, and what is not a flag.
 *
 * @throws {UsageError} For an unknown flag, a missing value, or a value out of bounds; all of them at once.
 */
export function parseCommandLine<T extends z.ZodObject>(
  schema: T,
  args: readonly string[],
): { options: z.infer<T>; positionals: string[] } {
  const flags = flagsOf(schema);
  const config = Object.fromEntries(
    flags.map(({ flag, isSwitch }) => [flag, { type: isSwitch ? ("boolean" as const) : ("string" as const) }]),
  );
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args: [...args], options: config, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const problems = flags.flatMap(({ flag, isNumber }) => {
    const value = parsed.values[flag];
    if (typeof value !== "string") return [];
    if (value.trim() === "") return [`--${flag}: the value is empty`];
    if (isNumber && !decimal.test(value)) return [`--${flag}: ${JSON.stringify(value)} is not a decimal number`];
    return [];
  });
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  const given = flags
    .filter(({ flag }) => parsed.values[flag] !== undefined)
    .map(({ key, flag }) => [key, flag.startsWith("no-") ? false : parsed.values[flag]]);
  const result = schema.safeParse(Object.fromEntries(given));
  if (result.success) return { options: result.data, positionals: parsed.positionals };
  throw new UsageError(
    result.error.issues.map(({ path, message }) => `--${kebab(String(path[0]))}: ${message}`).join("\n"),
  );
}

/** One line for each flag. */
export function describeFlags(schema: z.ZodObject): string {
  const flags = flagsOf(schema).map(({ flag, isSwitch, values, help }) => [
    `--${flag}${isSwitch ? "" : ` <${values}>`}`,
    help,
  ]);
  return flags.map(([flag, help]) => `  ${flag}\n      ${help}`).join("\n");
}
