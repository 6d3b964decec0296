import { runVerb } from "./run-verb.ts";

/** Runs a verb in this process with `--json`; the result of one that prints none is an empty object. */
export async function resultOf<Result>(
  verb: (argv: readonly string[]) => Promise<void>,
  argv: readonly string[],
): Promise<{ code: number; result: Result; errors: string }> {
  const { code, result = {}, errors } = await runVerb(verb, ...argv);
  return { code, result: result as Result, errors };
}
