import type { NumberReader } from "./options.ts";

/** Numbers written as expressions are to be read, and mathjs, which that needs, is not installed. */
export class ExpressionsUnavailableError extends Error {
  override readonly name = "ExpressionsUnavailableError";
  readonly code = "expressions-unavailable";
  readonly hint = "Install it beside this package: npm install mathjs; or leave expressions off.";
}

/**
 * Loads the reader of numbers written as expressions.
 *
 * @throws {ExpressionsUnavailableError} If mathjs cannot be loaded.
 */
export async function numberReader(): Promise<NumberReader> {
  try {
    return (await import("./expressions.ts")).readExpression;
  } catch (cause) {
    throw new ExpressionsUnavailableError("Expressions need the package mathjs, which cannot be loaded.", { cause });
  }
}
