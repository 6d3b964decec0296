import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { textLines } from "./text-lines.ts";

const folder = mkdtempSync(join(tmpdir(), "text-lines-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a byte order mark is no text", () => {
  const path = join(folder, "marked");
  writeFileSync(path, "\uFEFFa\n\uFEFFb\n");
  expect(textLines(path, 2)).toEqual([
    { text: "a", end: 5, isWhole: true },
    { text: "\uFEFFb", end: 10, isWhole: true },
  ]);
});

const texts = ["", "a", "a\n", "a\nb", "\n\nß — 😀\n😀😀\n", "long ".repeat(50)];

test.each(texts)("lines of %j, whatever the size of a block", (text) => {
  const path = join(folder, "f");
  writeFileSync(path, text);
  const expected = text.split("\n");
  if (expected.at(-1) === "") expected.pop();
  for (const size of [1, 2, 3, 7, 1000]) {
    const lines = textLines(path, size);
    expect(lines.map((line) => line.text)).toEqual(expected);
    expect(lines.at(-1)?.end ?? 0).toBe(Buffer.byteLength(text));
    expect(lines.every(({ isWhole }, i) => isWhole === (i < lines.length - 1 || text.endsWith("\n")))).toBe(true);
  }
});
