import fc from "fast-check";
import { expect, test } from "vitest";
import { type Line, splitLines } from "./split-lines.ts";

async function all(text: string, cuts: readonly number[], maxBytes: number): Promise<Line[]> {
  const bytes = Buffer.from(text);
  const at = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let i = 1; i < at.length; i++) yield bytes.subarray(at[i - 1]!, at[i]!);
  }
  const lines: Line[] = [];
  for await (const some of splitLines(chunks(), maxBytes)) lines.push(...some);
  return lines;
}

test("wherever the input is cut, its lines are the same", async () => {
  const text = fc.array(fc.constantFrom("a", "é", "🎬", "\n", "\r\n")).map((parts) => parts.join(""));
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), async (input, shares) => {
      const cuts = shares.map((share) => Math.floor(share * Buffer.byteLength(input)));
      const expected = input.split("\n");
      if (expected.at(-1) === "") expected.pop();
      const lines = await all(input, cuts, 1000);
      expect(lines.map(({ bytes }) => bytes!.toString())).toEqual(expected);
      expect(lines.map(({ number }) => number)).toEqual(expected.map((_, i) => i + 1));
    }),
  );
});

test("a line beyond the limit is told from an empty one, and the next is whole again", async () => {
  const lines = await all("abcdef\n\nabc\nabcd", [3, 5], 3);
  expect(lines.map(({ bytes }) => bytes?.toString())).toEqual([undefined, "", "abc", undefined]);
});
