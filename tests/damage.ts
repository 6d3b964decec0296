/** Arbitraries of damaged texts and JSON values. */
import fc from "fast-check";

/** Texts that are special to YAML and JSON parsers. */
const shards = [
  "{",
  "}",
  "[",
  "]",
  ":",
  ": ",
  "- ",
  ",",
  '"',
  "'",
  "|\n",
  ">-\n",
  "&a ",
  "*a",
  "!!binary ",
  "<<: *a",
  "---\n",
  "%YAML",
  "#",
  "null",
  "~",
  "true",
  "1e999",
  "-0",
  ".nan",
  "0x1F",
  "9007199254740993",
  "2026-01-01",
  "\t",
  "\r\n",
  "\u0000",
  "\uFEFF",
  "\u2028",
  "__proto__",
  "constructor",
  "seed: 1\n",
  "a: &a [*a]\n",
  "\ud800",
  "é😀",
];
/** One of them, or some random characters. */
export const shard = fc.oneof(fc.constantFrom(...shards), fc.string({ maxLength: 8, unit: "binary" }));

/** A text with one to five damages: a span removed, doubled or replaced, or the end cut off. */
export function damagedText(texts: readonly string[]): fc.Arbitrary<string> {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(40),
    kind: fc.constantFrom("cut", "double", "replace", "end"),
    shard,
  });
  return fc.tuple(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 5 })).map(([text, edits]) =>
    edits.reduce((text, { at, length, kind, shard }) => {
      const start = Math.floor(at * text.length);
      const [before, span, after] = [
        text.slice(0, start),
        text.slice(start, start + length),
        text.slice(start + length),
      ];
      return {
        cut: before + after,
        double: before + span + span + after,
        replace: before + shard + after,
        end: before,
      }[kind];
    }, text),
  );
}

/** A JSON value with one to four damages inside: a value replaced or removed, or an odd one added. */
export function damagedJson(values: readonly unknown[]): fc.Arbitrary<unknown> {
  const edit = fc.record({
    path: fc.array(fc.nat(), { minLength: 1, maxLength: 5 }),
    kind: fc.constantFrom("replace", "remove", "add"),
    key: fc.constantFrom("__proto__", "constructor", "x", ""),
    value: fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(-1, 0, 1e308, 2 ** 53, "", "😀\u0000", "x".repeat(5000)),
    ),
  });
  return fc
    .tuple(fc.constantFrom(...values), fc.array(edit, { minLength: 1, maxLength: 4 }))
    .map(([value, edits]) => edits.reduce(applyEdit, structuredClone(value)));
}

function applyEdit(
  whole: unknown,
  { path, kind, key, value }: { path: readonly number[]; kind: string; key: string; value: unknown },
): unknown {
  let parent: unknown = whole;
  for (const [depth, step] of path.entries()) {
    if (typeof parent !== "object" || parent === null) return whole;
    const holder = parent as Record<string, unknown>;
    const keys = Object.keys(holder);
    const chosen = keys[step % Math.max(1, keys.length)];
    const next = chosen === undefined ? undefined : holder[chosen];
    if (depth + 1 < path.length && typeof next === "object" && next !== null) parent = next;
    else if (kind === "add" && !Array.isArray(holder)) Object.assign(holder, { [key]: value });
    else if (kind === "add") (holder as unknown as unknown[]).push(value);
    else if (chosen !== undefined && kind === "remove") delete holder[chosen];
    else if (chosen !== undefined) holder[chosen] = value;
    if (parent !== next) return whole;
  }
  return whole;
}
