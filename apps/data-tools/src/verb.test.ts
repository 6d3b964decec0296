import { expect, test } from "vitest";
import { verbArguments } from "./verb.ts";

test("words are the values of keys, flags with a value are settings", () => {
  expect(verbArguments(["a.csv", "--seed=3", "b.jsonl", "x.y=1", "--json", "--help"], ["from", "to"])).toEqual([
    "--seed=3".slice(2),
    "x.y=1",
    "json=true",
    "--help",
    'from="a.csv"',
    'to="b.jsonl"',
  ]);
});

test("a list takes all words, or those that are left", () => {
  expect(verbArguments(["a.json", "b.json"], ["records…"])).toEqual(['records=["a.json","b.json"]']);
  expect(verbArguments(["to", "a", "b"], ["to", "from…"])).toEqual(['to="to"', 'from=["a","b"]']);
  expect(verbArguments([], ["records…"])).toEqual([]);
});

test("a YAML file is the config, not a word", () => {
  const expected = ["recipe.yaml", "seed=3", 'records="a.json"'];
  expect(verbArguments(["recipe.yaml", "a.json", "seed=3"], ["records"])).toEqual(expected);
  expect(verbArguments(["a.json", "--seed=3", "recipe.yaml"], ["records"])).toEqual(expected);
  expect(verbArguments(["mapping=own.yaml"], ["records"])).toEqual(["mapping=own.yaml"]);
});

test("a word too many is refused by name", () => {
  expect(() => verbArguments(["a", "b"], ["records"])).toThrow('"b" is one word too many');
});
