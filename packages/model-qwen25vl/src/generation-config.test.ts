import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { golden } from "../test/golden-case.ts";
import { useModelFolders } from "../test/model-folders.ts";
import { parseConfig } from "./config.ts";
import { readGenerationConfig } from "./generation-config.ts";

const newFolder = useModelFolders();

/** @param own - End token of config.json. */
function endTokens(named: unknown, turnEnd: object | undefined, own?: number) {
  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "generation_config.json");
  writeFileSync(path, JSON.stringify(named === undefined ? {} : { eos_token_id: named }));
  const { eos_token_id: _, ...json } = JSON.parse(readFileSync(join(golden, "tiny_a", "config.json"), "utf8"));
  if (json.text_config) delete json.text_config.eos_token_id;
  const config = parseConfig(own === undefined ? json : { ...json, eos_token_id: own }, "config.json");
  return readGenerationConfig(path, config, turnEnd as never).eosTokenIds;
}

const turnEnd = { templateId: 2, tokenizerId: 0 };

describe("the end tokens of a chat", () => {
  test.each<[string, unknown, object | undefined, number | undefined, number[]]>([
    ["the template's comes first, in whatever order they stand", [0, 2], turnEnd, undefined, [2, 0]],
    ["the same", [2, 0], turnEnd, undefined, [2, 0]],
    ["one alone", 2, turnEnd, undefined, [2]],
    ["none in generation_config.json: config.json's", undefined, turnEnd, 2, [2]],
    ["an empty list likewise", [], turnEnd, 2, [2]],
    ["none in either: the template's", [], turnEnd, undefined, [2]],
    ["nor in the template: the tokenizer's", [], { tokenizerId: 0 }, undefined, [0]],
    ["a template without one leaves the list", [3, 0], { tokenizerId: 0 }, undefined, [3, 0]],
    ["without a chat nothing is added", [], undefined, undefined, []],
  ])("%s: %j", (_, named, end, own, expected) => {
    expect(endTokens(named, end, own)).toEqual(expected);
  });

  test.each<[unknown, object, number | undefined, RegExp]>([
    [0, turnEnd, undefined, /eos_token_id \[0\] lacks 2, the token that ends a turn of the chat template. Add 2/],
    [[], turnEnd, 0, /eos_token_id \[0\] lacks 2/],
    [[], {}, undefined, /no token ends a completion.*Set eos_token_id/],
  ])("%j with %j is refused", (named, end, own, message) => {
    expect(() => endTokens(named, end, own)).toThrow(message);
  });
});
