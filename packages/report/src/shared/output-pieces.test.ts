import { expect, test } from "vitest";
import { outputPieces } from "./output-pieces.ts";

const kinds = (output: string) => outputPieces(output).map(({ kind, text }) => [kind, text]);

test.each<[string, [string, string][]]>([
  ["B", [["text", "B"]]],
  ["", []],
  [
    "<think>it\nis</think>\n<answer>B</answer>",
    [
      ["thinking", "it\nis"],
      ["text", "\n"],
      ["answer", "B"],
    ],
  ],
  [
    "so <think>it goes on",
    [
      ["text", "so "],
      ["thinking", "it goes on"],
    ],
  ],
  [
    "<answer>A</answer><answer>B",
    [
      ["answer", "A"],
      ["answer", "B"],
    ],
  ],
  ["<think><answer>A</answer></think>", [["thinking", "<answer>A</answer>"]]],
])("%j", (output, pieces) => {
  expect(kinds(output)).toEqual(pieces);
  const whole = outputPieces(output).map(({ open, text, close }) => open + text + close);
  expect(whole.join("")).toBe(output);
});
