import { spawn } from "node:child_process";
import type { Environment, Peers, Ranks } from "@videor1/launch";
import type { z } from "zod";
import { loadConfig } from "./config.ts";
import { describeConfig } from "./describe-config.ts";
import { isOfRank0, rankedError, rankOf, severalRanks, verifiesAlone } from "./rank-lines.ts";
import { stopSignal } from "./stop-signal.ts";
import { verifyResume } from "./verify-resume.ts";

export interface AppOptions {
  /** Aborted by Ctrl-C or SIGTERM: finish the step, keep a checkpoint, stop. */
  signal: AbortSignal;
  print: (line: string) => void;
  /** --ignore-plan: begin a run although its plan does not fit. */
  ignorePlan?: boolean;
  /** The processes of the run, where a launcher started several and the app joins them. */
  peers?: Peers;
  /** This process's place among those that a launcher started, if there are several. */
  ranks?: Ranks;
}

export interface PlanOptions {
  /** What `--plan=name` names; undefined: this machine's. */
  card: string | undefined;
  print: (line: string) => void;
}

export interface App<Schema extends z.ZodType> {
  name: string;
  description: string;
  schema: Schema;
  run(config: z.output<Schema>, options: AppOptions): Promise<void>;
  /** Prints, after the config of `--dry-run` and as comments of it, what the run would do first. */
  preview?(config: z.output<Schema>, options: AppOptions): Promise<void>;
  /** Prints what the run will need, and says whether it fits; an app without it has no --plan. */
  plan?(config: z.output<Schema>, options: PlanOptions): Promise<boolean>;
  /**
   * What several processes that a launcher started do. A function joins them to one run; "apart": each does a part of the work,
   * by `AppOptions.ranks`. Without it rank 0 does all, and the others say so and end.
   */
  ranks?: "apart" | ((ranks: Ranks, config: z.output<Schema>) => Promise<Peers>);
  /** Config key of the output folder; an app without one has no --verify-resume. */
  folderKey?: keyof z.output<Schema> & string;
  /** Config file if the command line names none; null: the app needs none. */
  defaultConfig?: string | null;
  /** What the usage shows as the command; default `npm run <name> --`. */
  command?: string;
  argv?: readonly string[];
  env?: Environment;
}

const flagPattern = /^(--help|-h|--dry-run)$/;
const planPattern = /^(--plan(=[\w.-]+)?|--ignore-plan)$/;
const verifyPattern = /^(--verify-resume(=[1-9]\d*)?|--kill-seed=\d+)$/;

/**
 * The command line of a training app: `<config.yaml> [key.path=value …]` and the flags that `--help` explains.
 *
 * Sets the exit code: 0 done, 1 a mistake or failure (one message, with what to do), 130 stopped by Ctrl-C.
 */
export async function runApp<Schema extends z.ZodType>(app: App<Schema>): Promise<void> {
  const { schema, run, argv = process.argv.slice(2), env = process.env } = app;
  const { file, overrides, flags } = parseArguments(argv, app.defaultConfig);
  const rank = rankOf(env);
  const print = rank === 0 ? (line: string) => console.log(line) : () => {};
  for (const stream of [process.stdout, process.stderr]) stream.off("error", readerGone).on("error", readerGone);

  if (flags.includes("--help") || flags.includes("-h")) return print(usage(app));
  const { folderKey, plan } = app;
  const isKnown = (flag: string) =>
    flagPattern.test(flag) || (plan && planPattern.test(flag)) || (folderKey && verifyPattern.test(flag));
  const unknown = flags.find((flag) => !isKnown(flag));
  const isMissing = file === undefined && app.defaultConfig !== null;
  if (unknown !== undefined || isMissing) {
    console.error(unknown === undefined ? usage(app) : `Unknown flag ${unknown}.\n\n${usage(app)}`);
    process.exitCode = 1;
    return;
  }

  let peers: Peers | undefined;
  const announce = () => {
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {}); // the terminal may be gone
    console.error("\nStopping after this step; press Ctrl-C again to stop at once.");
  };
  const stop = stopSignal(process, announce, () => performance.now());
  const kills = numberOf(flags, "--verify-resume", 3);
  const goesOn = kills === undefined ? "The same command goes on from here." : "Delete its folders to verify again.";
  try {
    const config = loadConfig(schema, file, overrides);
    if (flags.includes("--dry-run")) {
      print(describeConfig(schema, config));
      const comment = (text: string) => print(text.replace(/^(?=.)/gm, "# ").replace(/^$/gm, "#"));
      return await app.preview?.(config, { signal: stop.signal, print: comment });
    }
    const planned = flags.find((flag) => /^--plan(=|$)/.test(flag));
    if (plan && planned !== undefined) {
      if (!(await plan(config, { card: planned.split("=")[1], print }))) process.exitCode = 1;
      return;
    }
    const ranks = severalRanks(env);
    if (ranks && kills !== undefined) throw verifiesAlone(ranks);
    if (ranks && app.ranks === undefined && rank > 0) return console.error(isOfRank0(app.name, ranks));
    const ignorePlan = flags.includes("--ignore-plan");
    if (ranks && typeof app.ranks === "function") peers = await app.ranks(ranks, config);
    const options = { signal: stop.signal, print, ignorePlan, ...(ranks && { ranks }), ...(peers && { peers }) };
    if (kills === undefined || !folderKey) return await run(config, options);
    const outputDir = String(config[folderKey]);
    const start = (folder: string) => startAgain(`${folderKey}=${folder}`, stop.signal);
    const seed = numberOf(flags, "--kill-seed", 0) ?? 0;
    if (!(await verifyResume({ start, outputDir, kills, seed, print }))) process.exitCode = 1;
  } catch (error) {
    if ((error as Error).name === "AbortError" && (stop.signal.aborted || peers !== undefined)) {
      if (rank === 0) console.error(`Stopped. ${goesOn}`);
      process.exitCode = stop.exitCode ?? stoppedByOther;
    } else {
      console.error(rankedError(error, env));
      process.exitCode = 1;
    }
    peers?.leave((error as Error).message);
  } finally {
    peers?.end();
    stop.dispose();
  }
}

/** As after Ctrl-C: another process of the run got a signal. */
const stoppedByOther = 130;

/** A reader that has seen enough (`… | head`) ends no run. */
function readerGone(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

/** The number that `flag` or `flag=number` gives; undefined without the flag. */
function numberOf(flags: readonly string[], flag: string, bare: number): number | undefined {
  const found = flags.find((other) => other === flag || other.startsWith(`${flag}=`));
  return found === undefined ? undefined : Number(found.slice(flag.length + 1) || bare);
}

/** Starts this process's own command again, without --verify-resume, with one setting changed. */
function startAgain(setting: string, signal: AbortSignal) {
  const own = process.argv.slice(1).filter((argument) => !/^--(verify-resume|kill-seed)/.test(argument));
  const command = [...process.execArgv, ...own, setting];
  return spawn(process.execPath, command, { stdio: ["ignore", "ignore", "inherit"], signal });
}

function parseArguments(argv: readonly string[], defaultConfig: string | null | undefined) {
  const flags = argv.filter((argument) => argument.startsWith("-"));
  const words = argv.filter((argument) => !argument.startsWith("-"));
  const isNamed = words[0] !== undefined && !words[0].includes("=");
  return {
    file: isNamed ? words[0] : (defaultConfig ?? undefined),
    overrides: isNamed ? words.slice(1) : words,
    flags,
  };
}

function usage<Schema extends z.ZodType>({ name, description, defaultConfig, folderKey, plan, command }: App<Schema>) {
  const start = command ?? (name === "start" ? "npm start --" : `npm run ${name} --`);
  const config =
    defaultConfig === undefined ? "<config.yaml>" : `[config.yaml${defaultConfig ? `, default ${defaultConfig}` : ""}]`;
  return `${name}: ${description}

Usage: ${start} ${config} [key.path=value ...] [flags]

  key.path=value           change one setting, e.g. seed=1
  --dry-run                print the whole config, with every default and what it means, and exit${plan ? planUsage : ""}${folderKey ? verifyUsage : ""}`;
}

const planUsage = `
  --plan[=card]            print what the run will need of memory, disk and time, here or on a card such as h200 or 48GB, and exit
  --ignore-plan            begin although the plan does not fit`;

const verifyUsage = `
  --verify-resume[=kills]  make the run whole, and again with that many kills (default 3) at random moments, and compare
  --kill-seed=n            seed of those moments, default 0`;
