import { diskHint } from "@videor1/runs";

/** Codes of file system errors that only writing has; their messages name no remedy. */
const writeErrors = ["ENOSPC", "EDQUOT", "EROFS"];

/** The text of an error for a user: message and hint if it has a hint, else the stack. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, stack, code, hint } = error as Error & { code?: string; hint?: string };
  if (hint !== undefined) return message.includes(hint) ? message : `${message}\n${hint}`;
  const { syscall, path } = error as NodeJS.ErrnoException;
  const isOfFile = syscall !== undefined && path !== undefined; // the message names the path
  return isOfFile || writeErrors.includes(code ?? "") ? `${message}\n${diskHint(error)}` : (stack ?? message);
}
