import { expect, test } from "vitest";
import { renderTable } from "./render-table.ts";

const header = ["task", "type", "score"];
const rows = [
  ["order|time", "free-form", "9.5"],
  ["count", "", "100.0"],
];

test("for a terminal: text to the left, numbers to the right, totals below a rule", () => {
  expect(renderTable(header, rows, { left: [0, 1], totals: [["all", "", "54.8"]] }).split("\n")).toEqual([
    "task        type       score",
    "----------  ---------  -----",
    "order|time  free-form    9.5",
    "count                  100.0",
    "----------  ---------  -----",
    "all                     54.8",
  ]);
});

test("for a document", () => {
  expect(renderTable(header, rows, { format: "markdown" }).split("\n")).toEqual([
    "| task        |      type | score |",
    "| ----------- | --------: | ----: |",
    "| order\\|time | free-form |   9.5 |",
    "| count       |           | 100.0 |",
  ]);
});

test("without a header there is no rule, and without rows nothing", () => {
  expect(
    renderTable(null, [
      ["a", "1"],
      ["bc", "23"],
    ]),
  ).toBe("a    1\nbc  23");
  expect(renderTable(null, [])).toBe("");
});

test.each(["plain", "markdown"] as const)("%s: a line break in a cell ends no row", (format) => {
  const cells = ["a\nb", "a \r\n b", "a\u2028b", "a\n\nb"];
  const table = renderTable(
    ["name"],
    cells.map((cell) => [cell]),
    { format },
  );
  expect(table.split(/[\r\n\u2028]/)).toHaveLength(2 + cells.length);
  expect(table.match(/a b/g)).toHaveLength(cells.length);
});
