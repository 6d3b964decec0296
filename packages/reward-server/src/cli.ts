#!/usr/bin/env node
import { changedOptions, optionsFault } from "@videor1/rewards/options";
import { z } from "zod";
import { describeFlags, parseCommandLine, UsageError } from "./command-line.ts";
import { type ScoringOptions, scoreSchema, serveSchema } from "./options.ts";
import { runScore } from "./run-score.ts";
import { runServe } from "./run-serve.ts";

const scoreCommand = scoreSchema.extend({ quiet: z.boolean().default(false).describe("no progress, only the end") });
const serveCommand = serveSchema.extend({
  tokenFile: z.string().optional().describe("file with the token; else VIDEOR1_REWARDS_TOKEN is used, if set"),
});

const help = `videor1-rewards: Video-R1's rule-based rewards

videor1-rewards score [file]    JSON lines in (a file, or standard input), JSON lines out, progress on standard error.
                                Ends with 0 if every line was scored, 1 if not, 2 for wrong usage.
${describeFlags(scoreCommand)}

videor1-rewards serve           An HTTP server until SIGTERM or SIGINT.
${describeFlags(serveCommand)}
`;

async function main([command, ...args]: string[]): Promise<number> {
  if ([command, ...args].some((arg) => arg === "--help" || arg === "-h")) {
    process.stdout.write(help);
    return 0;
  }
  if (command === "score") {
    const { options, positionals } = parseCommandLine(scoreCommand, args);
    if (positionals.length > 1) throw new UsageError(`score takes one file, not ${positionals.length}`);
    refuseWrongOptions(options);
    return runScore(options, positionals[0]);
  }
  if (command === "serve") {
    const { options, positionals } = parseCommandLine(serveCommand, args);
    if (positionals.length > 0) throw new UsageError(`serve takes no file, but was given ${positionals.join(" ")}`);
    refuseWrongOptions(options);
    return runServe(options);
  }
  throw new UsageError(command === undefined ? "a command is missing" : `unknown command ${command}`);
}

function refuseWrongOptions(options: ScoringOptions): void {
  const fault = optionsFault(options.rules, changedOptions(options, {}));
  if (fault !== undefined) throw new UsageError(`--rules ${options.rules}: ${fault}: --rules safe`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const { message, hint } = error as { message: string; hint?: string };
  console.error(hint === undefined ? message : `${message}\n${hint}`);
  process.exitCode = 2;
}
