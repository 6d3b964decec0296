import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { firstDifference } from "./compare-runs.ts";

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "compare-"));
});
afterEach(() => rmSync(base, { recursive: true }));

function folder(name: string, files: Record<string, string | Uint8Array>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(base, name, path)), { recursive: true });
    writeFileSync(join(base, name, path), content);
  }
  return join(base, name);
}

const weights = (at: number, value: number) => new Uint8Array(3 << 20).fill(value, at, at + 1);

test.each<[string, Record<string, string | Uint8Array>, Record<string, string | Uint8Array>, RegExp | undefined]>([
  ["equal files", { "a/b.bin": "x", "c.jsonl": "{}\n" }, { "a/b.bin": "x", "c.jsonl": "{}\n" }, undefined],
  ["a file that is missing", { a: "x", b: "y" }, { a: "x" }, /^b is in .*one only$/],
  ["a file too many", { b: "y" }, { a: "x", b: "y" }, /^a is in .*other only$/],
  ["a byte, blocks into a file", { w: weights(2_500_000, 1) }, { w: weights(2_500_000, 2) }, /^w .* byte 2500000 on$/],
  ["a file cut short", { w: "abcdef" }, { w: "abc" }, /^w differs from byte 3 on$/],
  [
    "a value",
    { "m.jsonl": '{"a":1}\n{"b":1}\n' },
    { "m.jsonl": '{"a":1}\n{"b":2}\n' },
    /line 2:\n {2}\{"b":1\}\n {2}\{"b":2\}/,
  ],
  ["a line too few", { "m.jsonl": '{"a":1}\n{"b":1}\n' }, { "m.jsonl": '{"a":1}\n' }, /line 2:/],
  [
    "clock times",
    {
      "m.jsonl": '{"loss":1,"secondsElapsed":1.5,"seconds/rollout":2,"tokensPerSecond":3e3}',
      "s.json": '{\n "secondsElapsed": 1\n}',
    },
    {
      "m.jsonl": '{"loss":1,"secondsElapsed":12,"seconds/rollout":0.1,"tokensPerSecond":0.25}',
      "s.json": '{\n "secondsElapsed": 1.25\n}',
    },
    undefined,
  ],
  [
    "what processes tell of themselves",
    { "rl/manifest.json": "1", "events.out.tfevents.1.here.2": "1" },
    { "rl/manifest.json": "2" },
    undefined,
  ],
  ["a clock time that is no JSON", { w: '"secondsElapsed":1' }, { w: '"secondsElapsed":2' }, /byte 17/],
])("%s", (_, left, right, difference) => {
  const found = firstDifference(folder("one", left), folder("other", right));
  if (difference) expect(found).toMatch(difference);
  else expect(found).toBeUndefined();
});

test("the folders' own names are no difference", () => {
  const one = folder("one", { "config.yaml": `outputDir: ${join(base, "one")}\n` });
  const other = folder("other", { "config.yaml": `outputDir: ${join(base, "other")}\n` });
  expect(firstDifference(one, other)).toBeUndefined();
});
