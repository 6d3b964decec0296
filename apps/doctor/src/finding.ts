/** What was found of one thing that the apps use. */
export interface Finding {
  name: string;
  /** `missing`: the apps do without, as `hint` says. `wrong`: something they need does not work. */
  state: "ok" | "missing" | "wrong";
  /** Version, size or reason, in a line. */
  what: string;
  /** What to do, or what is not possible without; of all that is not `ok`. */
  hint?: string;
}

/** An error as a finding; its own hint, if it has one, comes first. */
export function failed(name: string, state: "missing" | "wrong", error: unknown, hint: string): Finding {
  const { message, hint: own } = error as Error & { hint?: string };
  return { name, state, what: message.split("\n")[0]!, hint: own ?? hint };
}
