import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "@videor1/cli";
import { CurateConfig, curate } from "@videor1/data-tools";
import { afterAll, expect, test } from "vitest";
import { DataConfig } from "./config.ts";
import { inspectData } from "./inspect-data.ts";
import { lintData } from "./lint-data.ts";
import { dataFiles, makeData } from "./make-data.ts";

const root = mkdtempSync(join(tmpdir(), "miniature-data-"));
afterAll(() => rmSync(root, { recursive: true }));

test("rl-videos.json holds the records of rl.json about a video as they are there; its recipe makes it again", async () => {
  const folder = join(root, "data");
  const lines: string[] = [];
  const config = DataConfig.parse({ sizes: { sft: 1, rl: 20, eval: 1 } });
  await makeData(folder, { ...config, seed: 0 }, { print: (line) => lines.push(line) });
  const [all, videos] = ["rl.json", "rl-videos.json"].map((name) => readFileSync(join(folder, name), "utf8")) as [
    string,
    string,
  ];
  const expected = (JSON.parse(all) as { data_type: string }[]).filter(({ data_type }) => data_type === "video");
  expect(expected.length).toBeLessThan(20);
  expect(videos).toBe(`${JSON.stringify(expected, null, 1)}\n`);
  expect(lines).toEqual([expect.stringMatching(`curate: ${expected.length} of the 20 records`)]);

  rmSync(join(folder, "rl-videos.json"));
  const recipe = loadConfig(CurateConfig, join(folder, "rl-videos.json.recipe.yaml"));
  await curate(recipe, { signal: new AbortController().signal, print: (line) => lines.push(line) });
  expect(readFileSync(join(folder, "rl-videos.json"), "utf8")).toBe(videos);
  expect(lines).toHaveLength(1);
});

test("lint says a line of each file, and finds nothing in what is drawn", async () => {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const files = dataFiles(join(root, "data"));
  await lintData(files, { signal: new AbortController().signal, print });
  expect(lines).toEqual(
    ["sft-reason.json: 1", "sft-mixed.json: 1", "rl.json: 20", "eval_miniature.json: 1"].map(
      (line) => `lint: ${line} records, no finding`,
    ),
  );
});

test("inspect makes a page of questions and frames, once", async () => {
  const lines: string[] = [];
  const options = { signal: new AbortController().signal, print: (line: string) => void lines.push(line) };
  const page = join(root, "data", "records.html");
  await inspectData(join(root, "data"), options);
  expect(readFileSync(page, "utf8")).toMatch(/miniature\/direction[\s\S]*data:image/);
  await inspectData(join(root, "data"), options);
  expect(lines).toEqual([`inspect: ${page}`]);
});
