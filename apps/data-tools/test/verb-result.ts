import { vi } from "vitest";

export interface VerbResult<Result> {
  code: number;
  /** What `--json` printed; an empty object after an error. */
  result: Result;
  /** What stood on standard error. */
  errors: string;
}

/** Runs a verb's function as its command line would, with `--json`. */
export async function resultOf<Result>(
  verb: (argv: readonly string[]) => Promise<void>,
  argv: readonly string[],
): Promise<VerbResult<Result>> {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  process.exitCode = undefined;
  try {
    await verb([...argv, "--json"]);
    const printed = log.mock.calls.map(([text]) => String(text)).join("\n");
    return {
      code: Number(process.exitCode ?? 0),
      result: printed.startsWith("{") ? JSON.parse(printed) : ({} as Result),
      errors: error.mock.calls.map(([text]) => String(text)).join("\n"),
    };
  } finally {
    process.exitCode = undefined;
    log.mockRestore();
    error.mockRestore();
  }
}
