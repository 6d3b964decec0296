import { LaunchError } from "./launch-error.ts";
import type { Environment, Ranks } from "./ranks.ts";

/** The names among these that have a value. An empty one has none. */
export const given = (env: Environment, names: readonly string[]): string[] => names.filter((name) => env[name]);

/** @throws {LaunchError} If the variable is no whole number of that range. */
export function wholeNumber(env: Environment, name: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  const text = env[name] ?? "";
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `from ${min} on` : `from ${min} to ${max}`;
  const hint = `Set it to one, or unset the launcher's variables to run one process alone.`;
  throw new LaunchError("LAUNCH_IMPOSSIBLE", `${name}=${text} must be a whole number ${range}`, hint);
}

/** @throws {LaunchError} If some of the variables have a value and others have none. */
export function allOrNone(env: Environment, names: readonly string[], launcher: string): boolean {
  const found = given(env, names);
  if (found.length === 0) return false;
  const missing = names.filter((name) => !env[name]);
  if (missing.length === 0) return true;
  throw new LaunchError(
    "LAUNCH_INCOMPLETE",
    `${launcher}: ${found.map((name) => `${name}=${env[name]}`).join(" ")} without ${missing.join(" and ")}`,
    `Set ${missing.join(", ")} too, or unset ${found.join(", ")} to run one process alone.`,
  );
}

/** The rank and the number of ranks that two variables give. @throws {LaunchError} */
export function placeOf(env: Environment, names: { rank: string; size: string }): Pick<Ranks, "rank" | "size"> {
  const size = wholeNumber(env, names.size, 1);
  return { rank: wholeNumber(env, names.rank, 0, size - 1), size };
}

/** MASTER_PORT, or a port that all processes of a job derive alike. @throws {LaunchError} */
export const masterPort = (env: Environment, derived: number): number =>
  env.MASTER_PORT ? wholeNumber(env, "MASTER_PORT", 1, 65_535) : derived;

/** A port of 10000 to 29999, below those that systems give to outgoing connections. */
export const portFrom = (job: number): number => 10_000 + (job % 20_000);
