import { expect, test } from "vitest";
import { type FieldSource, mappedFields } from "./mapping.ts";

const row = { a: "x", b: "", c: "z", deep: { in: { side: 3 } }, list: "p/q", kind: "mc", null: null };

test.each<[string, FieldSource, unknown]>([
  ["a column", "a", "x"],
  ["a column that is blank", "b", undefined],
  ["a field of a column", "deep.in.side", 3],
  ["a field that is not there", "deep.out.side", undefined],
  ["a name of every object", "constructor", undefined],
  ["several columns; the last are empty", ["a", "c", "b", "null"], ["x", "z"]],
  ["a column split", { column: "list", separator: "/" }, ["p", "q"]],
  ["a value by another name", { column: "kind", values: { mc: "multiple choice" } }, "multiple choice"],
  ["a value that has none", { column: "a", values: { mc: "multiple choice" } }, "x"],
  ["a constant", { constant: false }, false],
  ["a template", { template: "{a}-{deep.in.side}{null}.mp4" }, "x-3.mp4"],
])("%s", (_, source, expected) => {
  expect(mappedFields(row, { fields: { field: source } }).values).toEqual(
    expected === undefined ? {} : { field: expected },
  );
});

test("columns that were taken are told", () => {
  const fields = { one: { template: "{a}{deep.in.side}" }, two: ["b", "missing"] };
  expect([...mappedFields(row, { fields }).taken]).toEqual(["a", "deep", "b"]);
});

test("a blank text with a separator is an empty list", () => {
  const mapping = { fields: { options: { column: "choices", separator: "/" } } };
  expect(mappedFields({ choices: " " }, mapping).values).toEqual({ options: [] });
  expect(mappedFields({ choices: "a/b" }, mapping).values).toEqual({ options: ["a", "b"] });
});
