import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { LintKeys } from "./lint-keys.ts";
import { lintText } from "./lint-text.ts";
import { runLint } from "./run-lint.ts";

const folder = mkdtempSync(join(tmpdir(), "lint-"));
afterAll(() => rmSync(folder, { recursive: true }));

const record = (problem_id: number, changes: object = {}) => ({
  problem_id,
  problem: `Which color comes first in clip ${problem_id}?`,
  data_type: "video",
  problem_type: "multiple choice",
  options: ["A. red", "B. green"],
  solution: "<answer>A</answer>",
  path: `./${problem_id}.mp4`,
  data_source: "made",
  ...changes,
});

function write(name: string, records: readonly object[]): string {
  const file = join(folder, name);
  const lines = records.map((fields) => JSON.stringify(fields));
  writeFileSync(file, name.endsWith("l") ? `${lines.join("\n")}\n` : `[${lines.join(",\n")}]`);
  return file;
}

const run = (settings: object) =>
  runLint(LintKeys.parse(settings), { signal: new AbortController().signal, print: () => {} });

test("findings name file, line and record, and the text groups them by code", async () => {
  const file = write("a.jsonl", [
    record(1),
    record(2, { solution: "<answer>C</answer>" }),
    ...[3, 4].map((id) => record(id, { problem_type: "Multiple-Choice" })),
  ]);
  const result = await run({ records: file });
  expect(result).toMatchObject({ records: 4, valid: 1, invalid: 3, levels: { error: 2, warning: 0, info: 0 } });
  expect(lintText(result, 1).split("\n")).toEqual([
    "error TYPE_SPELLING: 2 spell their problem_type otherwise, so that no rule scores them",
    `  ${file}:3 (3): "Multiple-Choice" for "multiple choice"`,
    "  and 1 more",
    '  Write one of "multiple choice", "numerical", "OCR", "free-form", "regression".',
    "  fix=true mends: the spelling; letters alone decide which type is meant.",
    "",
    "error GOLD_NO_OPTION: 1 choose none of their options",
    `  ${file}:2 (2): "C" of 2 options`,
    "  Write the letter of the right option, add the option, or leave the records out.",
    "",
    `4 records of ${file}, 3 of which training would refuse: 2 errors, 0 warnings, 0 notes.`,
  ]);
});

test("only and ignore choose the codes", async () => {
  const file = write("b.json", [record(1, { problem: " x" }), record(1, { path: "b.mp4", problem: "Why?" })]);
  const codes = async (settings: object) =>
    (await run({ records: file, ...settings })).findings.map(({ code }) => code);
  expect(await codes({})).toEqual(["TEXT_SPACE", "ID_DOUBLED"]);
  expect(await codes({ only: "ID_DOUBLED" })).toEqual(["ID_DOUBLED"]);
  expect(await codes({ ignore: ["ID_DOUBLED"] })).toEqual(["TEXT_SPACE"]);
  expect(await codes({ ignore: "ID_DOUBLED, TEXT_SPACE" })).toEqual([]);
  expect(() => LintKeys.parse({ records: file, only: "NO_CODE" })).toThrow('there is no code \\"NO_CODE\\"');
});

test("fix writes what is safe to mend, keeps everything else, and says what it changed", async () => {
  const odd = record(2, { problem_type: "multiple_choice", solution: "<answer>b</answer>", mine: { kept: [1] } });
  const broken = record(3, { solution: "<answer>E</answer>" });
  const file = write("c.jsonl", [record(1), odd, broken]);
  const output = join(folder, "c-fixed.json");
  const result = await run({ records: file, fix: true, output });
  expect(JSON.parse(readFileSync(output, "utf8"))).toEqual([
    record(1),
    { ...odd, problem_type: "multiple choice", solution: "<answer>B</answer>" },
    broken,
  ]);
  expect(result.fixed).toMatchObject({ output, written: 3, changed: 1 });
  expect(result.fixed!.codes.map(({ code, count, records: [first] }) => [code, count, first!.id])).toEqual([
    ["TYPE_SPELLING", 1, 2],
    ["GOLD_FORM", 1, 2],
  ]);
  expect(result.findings.map(({ code }) => code)).toEqual(["GOLD_NO_OPTION"]);
  await expect(run({ records: file, fix: true, output })).rejects.toThrow(`${output}: is there`);
  await expect(run({ records: output, fix: true, output, overwrite: true })).rejects.toThrow(
    "is read, and would be written over",
  );
});

test("a record that is no object is counted and written as it is", async () => {
  const file = join(folder, "odd.jsonl");
  writeFileSync(file, `${JSON.stringify(record(1))}\n3\nnull\n`);
  const output = join(folder, "odd-fixed.jsonl");
  const result = await run({ records: file, fix: true, output });
  expect(result).toMatchObject({ records: 3, valid: 1, invalid: 2 });
  expect(readFileSync(output, "utf8")).toBe(readFileSync(file, "utf8"));
});
