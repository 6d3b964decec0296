import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";

/** As `RunSettings`. */
interface Settings {
  config: Readonly<Record<string, unknown>>;
  inputs: Readonly<Record<string, string | null>>;
}

/** A setting that is not what it was. */
export interface SettingChange {
  /** The top-level key, or the input. */
  name: string;
  /** In words: the whole key with both values. */
  what: string;
  /** Of a setting: its whole key, with the value that it had. */
  path?: string;
  before?: unknown;
}

/**
 * What differs between the settings asked for and the saved ones. Two spellings of a path are the same, and so are two paths
 * whose content was hashed to the same; inputs that are missing, then or now, are not compared.
 */
export function settingChanges(asked: Settings, saved: Settings, resumableKeys: readonly string[]): SettingChange[] {
  const hashes = Object.values(saved.inputs);
  const shared = new Set(Object.values(asked.inputs).filter((hash) => hash !== null && hashes.includes(hash)));
  const isSame = (now: unknown, before: unknown): boolean => {
    if (typeof now !== "string" || typeof before !== "string") return isDeepStrictEqual(now, before);
    const hash = asked.inputs[now];
    if (hash && shared.has(hash) && saved.inputs[before] === hash) return true;
    return now === before || (isPath(now) && isPath(before) && resolve(now) === resolve(before));
  };
  const changes = leafChanges(asked.config, saved.config, [], isSame).filter(
    ({ path }) => !resumableKeys.some((key) => path === key || path?.startsWith(`${key}.`)),
  );
  for (const [path, hash] of Object.entries(asked.inputs)) {
    const before = saved.inputs[path];
    const what = `the content of ${path}`;
    if (hash && before && hash !== before) changes.push({ name: what, what });
  }
  return changes;
}

/** Text of one line without spaces at its ends that names a place; a sentence is none. */
const isPath = (text: string): boolean => /^\S(.*\S)?$/.test(text) && (text.includes("/") || !text.includes(" "));

function leafChanges(
  now: unknown,
  before: unknown,
  path: readonly string[],
  isSame: (now: unknown, before: unknown) => boolean,
): SettingChange[] {
  if (isMap(now) && isMap(before)) {
    const keys = [...new Set([...Object.keys(now), ...Object.keys(before)])];
    return keys.flatMap((key) => leafChanges(now[key], before[key], [...path, key], isSame));
  }
  if (Array.isArray(now) && Array.isArray(before) && now.length === before.length)
    return now.flatMap((value, i) => leafChanges(value, before[i], [...path, String(i)], isSame));
  if (isSame(now, before)) return [];
  const whole = path.join(".");
  return [{ name: path[0]!, what: `${whole} (${shown(before)}, now ${shown(now)})`, path: whole, before }];
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const shown = (value: unknown): string => (value === undefined ? "absent" : JSON.stringify(value));
