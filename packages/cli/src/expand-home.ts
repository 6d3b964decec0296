import { homedir } from "node:os";

/**
 * A config's plain value with the home directory in place of `~`, `$HOME` or `${HOME}` where a text begins with it as a path
 * does: no shell has expanded what stands in a YAML file.
 */
export function expandHome(value: unknown, home = homedir()): unknown {
  if (typeof value === "string") return value.replace(/^(~|\$HOME|\$\{HOME\})(?=\/|$)/, () => home);
  if (Array.isArray(value)) return value.map((item) => expandHome(item, home));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expandHome(item, home)]));
}
