import { diskHint } from "@videor1/runs";

/** File system errors that can only be about writing, whose own message says no more than what failed. */
const writeErrors = ["ENOSPC", "EDQUOT", "EROFS"];

/** What a user reads of an error: message and hint of one that says what to do, the stack of any other. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, stack, code, hint } = error as Error & { code?: string; hint?: string };
  if (hint !== undefined) return message.includes(hint) ? message : `${message}\n${hint}`;
  return writeErrors.includes(code ?? "") ? `${message}\n${diskHint(error)}` : (stack ?? message);
}
