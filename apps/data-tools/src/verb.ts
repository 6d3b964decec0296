import { type AppOptions, runApp } from "@videor1/cli";
import { z } from "zod";
import { DataToolError } from "./files/data-tool-error.ts";

/** The settings that every verb has. */
export const VerbKeys = z.strictObject({
  json: z.boolean().default(false).describe("Print the result as one JSON object; --json"),
});

/** What a verb ends with. */
export interface Outcome {
  /** For a reader. */
  text: string;
  /** The same for a program: plain values. */
  result: object;
  /** False: the exit code is 1 although the verb has done its work, as where lint finds errors. Default true. */
  isFine?: boolean;
}

/** A command of `videor1-data`. */
export interface Verb<Schema extends z.ZodType<{ json: boolean }>> {
  name: string;
  description: string;
  schema: Schema;
  /** Keys that words without a key stand for, in their order; the last takes all words that are left, as a list, if it ends in "…". */
  words: readonly string[];
  run(config: z.output<Schema>, options: AppOptions): Promise<Outcome>;
}

/** Runs a verb with these arguments; sets the exit code as `runApp` does. */
export async function runVerb<Schema extends z.ZodType<{ json: boolean }>>(
  verb: Verb<Schema>,
  argv: readonly string[],
): Promise<void> {
  const { name, description, schema, words, run } = verb;
  const shown = words.map((word) => `<${word}>`).join(" ");
  await runApp({
    name,
    description,
    schema,
    defaultConfig: null,
    command: `videor1-data ${name} ${shown}`,
    argv: verbArguments(argv, words),
    async run(config, options) {
      const print = config.json ? (line: string) => console.error(line) : options.print;
      const { text, result, isFine = true } = await run(config, { ...options, print });
      options.print(config.json ? JSON.stringify(result, null, 2) : text);
      if (!isFine) process.exitCode = 1;
    },
  });
}

/**
 * Arguments of a verb as those of an app: `--json` is `json=true`, `--key=value` is `key=value`, and words that are no setting, no
 * flag and no YAML file are the values of `words`. The YAML file comes first, wherever it stands.
 *
 * @throws {DataToolError} `WORD_TOO_MANY` if there are more words than keys.
 */
export function verbArguments(argv: readonly string[], words: readonly string[]): string[] {
  const settings = argv
    .filter((argument) => argument !== "--")
    .map((argument) => (argument === "--json" ? "json=true" : argument.replace(/^--(?=[\w.]+=)/, "")));
  const isConfig = (argument: string) => /^(?!-|[\w.]+=).*\.ya?ml$/.test(argument);
  const isWord = (argument: string) => !/^(-|[\w.]+=)/.test(argument) && !isConfig(argument);
  const given = settings.filter(isWord);
  const rest = words.at(-1)?.endsWith("…") ? words.at(-1)!.slice(0, -1) : undefined;
  const single = rest === undefined ? words : words.slice(0, -1);
  if (rest === undefined && given.length > single.length)
    throw new DataToolError(
      "WORD_TOO_MANY",
      `"${given[single.length]}" is one word too many; this verb takes ${words.join(", ") || "none"}`,
      "Give settings as key=value; --help shows how, --dry-run which there are.",
    );
  const named = given.slice(0, single.length).map((word, i) => `${single[i]}=${JSON.stringify(word)}`);
  const listed = given.slice(single.length);
  return [
    ...settings.filter(isConfig),
    ...settings.filter((argument) => !isWord(argument) && !isConfig(argument)),
    ...named,
    ...(rest !== undefined && listed.length > 0 ? [`${rest}=${JSON.stringify(listed)}`] : []),
  ];
}
