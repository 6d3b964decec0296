/** What a user reads of an error: message and hint of one that says what to do, the stack of any other. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, stack, hint } = error as Error & { hint?: string };
  if (hint === undefined) return stack ?? message;
  return message.includes(hint) ? message : `${message}\n${hint}`;
}
