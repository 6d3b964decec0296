import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readResultsFile } from "./results-file.ts";

const folder = mkdtempSync(join(tmpdir(), "results-file-"));
afterAll(() => rmSync(folder, { recursive: true }));
const written = (text: string) => {
  const path = join(folder, "results.json");
  writeFileSync(path, text);
  return path;
};

test("a file of an earlier version, whose comparisons have other fields, is read by its runs", () => {
  const provenance = { command: "x", commits: [], engines: [], node: "20", machine: "m", settings: [] };
  const run = { sftSeed: 0, rlSeed: 1, measures: { trap: 0.5, rlCpuSeconds: null } };
  const comparisons = [{ arm: "a", base: "b", comparisons: { trap: { byModel: { n: 1 } } } }];
  const file = { provenance, settings: { title: "t" }, arms: [{ arm: "a", about: "", runs: [run] }], comparisons };
  const { arms, planned } = readResultsFile(written(JSON.stringify({ ...file, finished: 1, planned: 2 })));
  expect(planned).toBe(2);
  expect(arms[0]!.runs[0]!.measures).toMatchObject({ trap: 0.5, other: null, rlCpuSeconds: null });
});

test.each([
  { text: "{", message: /results\.json holds no results: .*JSON/ },
  { text: "{}", message: /results\.json holds no results: [\s\S]*arms/ },
])("$text is refused with the file and the reason", ({ text, message }) => {
  expect(() => readResultsFile(written(text))).toThrow(message);
});
