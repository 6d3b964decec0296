import { stringify } from "yaml";
import type { z } from "zod";
import { loadConfig } from "./config.ts";
import { describeError } from "./describe-error.ts";
import { stopSignal } from "./stop-signal.ts";

export interface AppOptions {
  /** Aborted by Ctrl-C or SIGTERM: finish the step, keep a checkpoint, stop. */
  signal: AbortSignal;
  print: (line: string) => void;
}

export interface App<Schema extends z.ZodType> {
  name: string;
  description: string;
  schema: Schema;
  run(config: z.output<Schema>, options: AppOptions): Promise<void>;
  /** Config file where none is named on the command line. */
  defaultConfig?: string;
  argv?: readonly string[];
}

/**
 * The command line of a training app: `<config.yaml> [key.path=value …] [--dry-run] [--help]`.
 *
 * Sets the exit code: 0 done, 1 a mistake or failure (one message, with what to do), 130 stopped by Ctrl-C.
 */
export async function runApp<Schema extends z.ZodType>(app: App<Schema>): Promise<void> {
  const { schema, run, argv = process.argv.slice(2) } = app;
  const { file, overrides, flags } = parseArguments(argv, app.defaultConfig);
  const print = (line: string) => console.log(line);

  if (flags.includes("--help") || flags.includes("-h")) return print(usage(app));
  const unknown = flags.find((flag) => flag !== "--dry-run");
  if (unknown !== undefined || file === undefined) {
    console.error(unknown === undefined ? usage(app) : `Unknown flag ${unknown}.\n\n${usage(app)}`);
    process.exitCode = 1;
    return;
  }

  const announce = () => console.error("\nStopping after this step; press Ctrl-C again to stop at once.");
  const stop = stopSignal(process, announce, () => performance.now());
  try {
    const config = loadConfig(schema, file, overrides);
    if (flags.includes("--dry-run")) return print(stringify(config).trimEnd());
    await run(config, { signal: stop.signal, print });
  } catch (error) {
    if (stop.signal.aborted && (error as Error).name === "AbortError") {
      console.error("Stopped. The same command goes on from here.");
      process.exitCode = stop.exitCode;
    } else {
      console.error(describeError(error));
      process.exitCode = 1;
    }
  } finally {
    stop.dispose();
  }
}

function parseArguments(argv: readonly string[], defaultConfig: string | undefined) {
  const flags = argv.filter((argument) => argument.startsWith("-"));
  const words = argv.filter((argument) => !argument.startsWith("-"));
  const isNamed = words[0] !== undefined && !words[0].includes("=");
  return { file: isNamed ? words[0] : defaultConfig, overrides: isNamed ? words.slice(1) : words, flags };
}

function usage({ name, description, defaultConfig }: Pick<App<z.ZodType>, "name" | "description" | "defaultConfig">) {
  const command = name === "start" ? "npm start" : `npm run ${name}`;
  return `${name}: ${description}

Usage: ${command} -- ${defaultConfig ? `[config.yaml, default ${defaultConfig}]` : "<config.yaml>"} [key.path=value ...] [--dry-run]

  key.path=value  change one setting, e.g. seed=1
  --dry-run       print the whole config, with every default, and exit`;
}
