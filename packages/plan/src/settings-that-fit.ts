/** A key of a config and another value for it. */
export type Setting = readonly [key: string, value: unknown];

/**
 * Settings under which a run fits: every one that is enough alone, or else as many as it takes together.
 *
 * @param candidates - Those that change a run's results least first.
 * @param fits - Whether the run fits under some of them; undefined where the config has no such settings.
 * @returns Alternatives, each a list of `key=value` that go together; empty if all of them are not enough.
 */
export async function settingsThatFit(
  candidates: readonly Setting[],
  fits: (settings: readonly Setting[]) => Promise<boolean | undefined>,
): Promise<string[][]> {
  const known: Setting[] = [];
  const alone: Setting[] = [];
  for (const setting of candidates) {
    const isEnough = await fits([setting]);
    if (isEnough !== undefined) known.push(setting);
    if (isEnough) alone.push(setting);
  }
  if (alone.length > 0) return alone.map((setting) => [textOf(setting)]);
  let taken: Setting[] = [];
  for (const setting of known) {
    taken = [...taken, setting];
    if (await fits(taken)) break;
  }
  if (!(await fits(taken))) return [];
  for (const setting of [...taken].reverse()) {
    const others = taken.filter((other) => other !== setting);
    if (await fits(others)) taken = others;
  }
  return [taken.map(textOf)];
}

/** A copy of a config with other values at dotted keys. */
export function withSettings(config: unknown, settings: readonly Setting[]): unknown {
  const changed: unknown = structuredClone(config);
  for (const [key, value] of settings) {
    const path = key.split(".");
    let node = changed as Record<string, unknown>;
    for (const part of path.slice(0, -1)) {
      node[part] ??= {};
      node = node[part] as Record<string, unknown>;
    }
    node[path.at(-1)!] = value;
  }
  return changed;
}

/** As on the command line: `dtype=bfloat16`, `lora="{ rank: 64, alpha: 128 }"`. */
function textOf([key, value]: Setting): string {
  if (typeof value !== "object" || value === null) return `${key}=${value}`;
  const entries = Object.entries(value).map(([name, inner]) => `${name}: ${inner}`);
  return `${key}="{ ${entries.join(", ")} }"`;
}
