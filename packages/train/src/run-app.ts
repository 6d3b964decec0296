import { stringify } from "yaml";
import type { z } from "zod";
import { loadConfig } from "./config.ts";

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
  const { name, description, schema, run, defaultConfig, argv = process.argv.slice(2) } = app;
  const flags = argv.filter((arg) => arg.startsWith("--"));
  const words = argv.filter((arg) => !arg.startsWith("--"));
  const file = words[0]?.includes("=") ? defaultConfig : (words[0] ?? defaultConfig);
  const overrides = words.filter((word) => word !== file);
  const usage = `${name}: ${description}\n\nUsage: npm run ${name} -- ${defaultConfig ? "[config.yaml]" : "<config.yaml>"} [key.path=value ...] [--dry-run]\n\n  --dry-run  print the whole config, with every default, and exit\n`;
  const print = (line: string) => console.log(line);

  if (flags.includes("--help")) return print(usage);
  const unknown = flags.find((flag) => flag !== "--dry-run");
  if (unknown !== undefined || file === undefined) {
    console.error(unknown === undefined ? usage : `Unknown flag ${unknown}.\n\n${usage}`);
    process.exitCode = 1;
    return;
  }

  const abort = new AbortController();
  const stop = () => {
    if (abort.signal.aborted) process.exit(130);
    console.error("\nStopping after this step; press Ctrl-C again to stop at once.");
    abort.abort(new DOMException("Stopped by the user.", "AbortError"));
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    const config = loadConfig(schema, file, overrides);
    if (flags.includes("--dry-run")) return print(stringify(config).trimEnd());
    await run(config, { signal: abort.signal, print });
  } catch (error) {
    if (abort.signal.aborted && (error as Error).name === "AbortError") {
      console.error("Stopped. The same command goes on from the last checkpoint.");
      process.exitCode = 130;
    } else {
      console.error(describeError(error));
      process.exitCode = 1;
    }
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}

/** Message and hint of our own errors; the stack of any other. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { hint } = error as Error & { hint?: string };
  const isOurs = "code" in error && typeof error.code === "string" && hint !== undefined;
  return isOurs ? `${error.message}\n${hint}` : (error.stack ?? error.message);
}
