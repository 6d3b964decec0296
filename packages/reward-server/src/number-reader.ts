import type { NumberReader } from "@videor1/rewards";

/** `--expressions` is set, and mathjs, which it needs, is not installed. */
export class ExpressionsUnavailableError extends Error {
  override readonly name = "ExpressionsUnavailableError";
  readonly code = "expressions-unavailable";
  readonly hint = "Install it beside this package: npm install mathjs; or leave --expressions out.";
}

/**
 * Loads the reader of numbers written as expressions, if `expressions` is set.
 *
 * @throws {ExpressionsUnavailableError} If mathjs cannot be loaded.
 */
export async function numberReader(expressions: boolean): Promise<NumberReader | undefined> {
  if (!expressions) return undefined;
  try {
    return (await import("@videor1/rewards/expressions")).readExpression;
  } catch (cause) {
    throw new ExpressionsUnavailableError("Expressions need the package mathjs, which cannot be loaded.", { cause });
  }
}
