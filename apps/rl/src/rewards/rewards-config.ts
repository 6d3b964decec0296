import { basename, extname } from "node:path";
import { optionsFault, RewardOptions } from "@videor1/rewards/options";
import { z } from "zod";

const ruleNames = ["video-r1", "safe"] as const;
const Rules = z.enum(ruleNames);

const RewardFunctionEntry = z.strictObject({
  path: z.string().describe("Module whose default export is the function; relative to the working directory"),
  name: z.string().optional().describe("Name in metrics and rollouts; default: the file's, without extension"),
  weight: z.number().default(1).describe("Factor of its reward in the total; negative: a penalty"),
  timeoutSeconds: z.number().positive().max(86_400).default(60).describe("Time for one answer"),
});
const Entry = z.union([z.string(), RewardFunctionEntry]);
const Parts = z.strictObject({
  rules: Rules.default("video-r1").describe("Rules of the accuracy and format rewards"),
  options: RewardOptions.prefault({}).describe("What the rules safe accept besides"),
  functions: z.array(Entry).default([]).describe("Reward functions of one's own"),
});

/** One reward function of the user, with every field. */
export type RewardFunctionOptions = z.output<typeof RewardFunctionEntry> & { name: string };

/**
 * The parts of a reward: rules for accuracy and format, and functions of the user's own. YAML gives the rules' name, a
 * module's path, a list of both, or `{ rules, options, functions }`; parsed it is the last, which parses to itself.
 */
export const RewardsConfig = z.union([z.string(), z.array(Entry), Parts]).transform((input, context) => {
  const issue = (path: PropertyKey[], message: string) => context.addIssue({ code: "custom", path, message });
  const isParts = typeof input !== "string" && !Array.isArray(input);
  const entries = typeof input === "string" ? [input] : isParts ? input.functions : input;
  const placeOf = (i: number) => (typeof input === "string" ? [] : isParts ? ["functions", i] : [i]);

  const fault = isParts ? optionsFault(input.rules, input.options) : undefined;
  if (fault !== undefined) issue(["options"], fault);

  const named = entries.filter(isRules);
  const functions: RewardFunctionOptions[] = [];
  for (const [i, entry] of entries.entries()) {
    const place = placeOf(i);
    if (isRules(entry)) {
      if (isParts) issue(place, `"${entry}" names rules, not a function: write it as rules: ${entry}`);
      else if (entry !== named[0]) issue(place, `a second name of rules; "${named[0]}" is given already`);
      continue;
    }
    const given = typeof entry === "string" ? RewardFunctionEntry.parse({ path: entry }) : entry;
    const pathProblem = problemOfPath(given.path);
    if (pathProblem) {
      issue(typeof entry === "string" ? place : [...place, "path"], pathProblem);
      continue;
    }
    const name = given.name ?? basename(given.path, extname(given.path));
    const isTaken = functions.some((other) => other.name === name);
    const nameProblem = isTaken ? `two functions are named "${name}": give one another name` : problemOfName(name);
    if (nameProblem) issue(given.name === undefined ? place : [...place, "name"], nameProblem);
    functions.push({ ...given, name });
  }
  if (isParts) return { rules: input.rules, options: input.options, functions };
  return { rules: named[0] ?? "video-r1", options: RewardOptions.parse({}), functions };
});
export type RewardsConfig = z.output<typeof RewardsConfig>;

const isRules = (entry: unknown): entry is z.output<typeof Rules> => Rules.safeParse(entry).success;

function problemOfPath(path: string): string | undefined {
  if ([".mjs", ".js", ".ts"].includes(extname(path))) return;
  const close = /^[\w-]+$/.test(path) && ruleNames.find((name) => name[0] === path[0]?.toLowerCase());
  const problem = `"${path}" is neither rules ("video-r1" or "safe") nor the path of a module (.mjs, .js or .ts)`;
  return close ? `${problem}; did you mean "${close}"?` : problem;
}

function problemOfName(name: string): string | undefined {
  if (name === "accuracy" || name === "format")
    return `a function cannot replace the rule reward "${name}": the rules decide what is correct; give the function another name, and set tgrpo.weights.${name}=0 to leave the rule reward out of the total`;
  if (["temporal", "length", "total", "std"].includes(name) || name in Object.prototype)
    return `the name "${name}" is taken: give the function another name`;
  if (!/^[A-Za-z][\w-]*$/.test(name))
    return `"${name}" is no name: give a name of letters, digits, - and _ that begins with a letter`;
  return;
}
