import { expect, test } from "vitest";
import { firstOfLiteralList } from "./literal-list.ts";

// What str(ast.literal_eval(text)[0]) of Python 3.11 gives; the text itself where that is no list or an empty one.
test.each([
  ["[3]", "3"],
  [" [ - 2.50 , 4]\n", "-2.5"],
  ["['3 m', 2]", "3 m"],
  ["['a' \"b\",]", "ab"],
  ["[[1, 'x'], 2]", "[1, 'x']"],
  ["[1e5, 0x10]", "100000.0"],
  ["[0x1F]", "31"],
  ["[1_000]", "1000"],
  ["[None]", "None"],
  ["[\n# two\n2]", "2"],
  ["[]", "[]"],
  ["[1], [2]", "[1], [2]"],
  ["[3 m]", undefined],
  ["[007]", undefined],
  ["[1__0]", undefined],
  ["[,1]", undefined],
  ["[1 2]", undefined],
  ["[--5]", undefined],
  ["['a]", undefined],
  ["[1]]", undefined],
])("%j", (text, expected) => {
  expect(firstOfLiteralList(text)).toBe(expected);
});
