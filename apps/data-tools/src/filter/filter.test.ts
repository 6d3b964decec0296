import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { loadConfig } from "@videor1/cli";
import { readExamples } from "@videor1/data";
import { expect, test } from "vitest";
import { folder, linesOf, recordOf, settings, startDouble, videoOf, writeRecords } from "../../test/annotate-data.ts";
import { resultOf } from "../../test/verb-result.ts";
import { command as annotate } from "../annotate/command.ts";
import { AnnotateConfig } from "../annotate/config.ts";
import { fileSha256 } from "../files/file-sha256.ts";
import { command as filter } from "./command.ts";
import { FilterConfig } from "./config.ts";
import type { FilterCounts } from "./filter-records.ts";

type Filtered = FilterCounts & { droppedFile: string; isNew: boolean };

const root = join(import.meta.dirname, "../../../..");
const annotated = (id: number, output: string, fields: object = {}) => videoOf(id, { output, ...fields });

test("every record is kept as training reads it, or dropped as it was with all its reasons", async () => {
  const good = "<think>Hmm, the cup falls before the ball.</think>\n<answer>B</answer>";
  const all = [
    annotated(1, good, { own: [1], answer: "B", reward: 1, select: true }),
    annotated(5, "<answer>B</answer>"),
    annotated(2, good),
    annotated(3, "<answer>B</answer>", { finish_reason: "length" }),
    annotated(4, good, { solution: "none" }),
  ];
  const records = writeRecords("filter-in.jsonl", all);
  const output = join(folder, "filtered.jsonl");
  const { code, result } = await resultOf<Filtered>(filter, [records, `output=${output}`, "requireEnd=true"]);
  expect(code).toBe(0);
  expect(result).toMatchObject({ read: 5, kept: 1, dropped: 4, orderTalk: 1, reflecting: 1 });
  expect(result.droppedBy).toEqual({ THINKING_EMPTY: 1, REWARD_LOW: 2, RECORD_INVALID: 1 });
  expect(linesOf(output)).toEqual([
    videoOf(1, { own: [1], process: "<think>Hmm, the cup falls before the ball.</think>" }),
  ]);
  const dropped = linesOf<{ dropped: { code: string }[] }>(result.droppedFile);
  expect(dropped.map((line) => line.dropped.map(({ code }) => code))).toEqual([
    ["THINKING_EMPTY"],
    ["REWARD_LOW"],
    ["REWARD_LOW", "CUT_OFF", "THINKING_EMPTY"],
    ["RECORD_INVALID"],
  ]);
  for (const [i, { dropped: _, ...line }] of dropped.entries()) expect(line).toEqual(all[i + 1]);
});

test("the recipe beside an output makes its bytes again; an output of other settings is refused", async () => {
  const output = join(folder, "recipe.json");
  const records = writeRecords("recipe-in.jsonl", [
    annotated(1, "<answer>B</answer>"),
    annotated(2, "<think>Hm</think><answer>C</answer>"),
  ]);
  const run = (...argv: string[]) => resultOf<Filtered>(filter, argv);
  await run(records, `output=${output}`, "maxWords=9");
  const [bytes, recipe] = [readFileSync(output), readFileSync(`${output}.recipe.yaml`, "utf8")];
  for (const file of [records, output]) expect(recipe).toContain(await fileSha256(file));
  const other = await run(records, `output=${output}`, "maxWords=8");
  expect([other.code, other.errors]).toEqual([
    1,
    expect.stringContaining("made with other settings: maxWords 9, now 8"),
  ]);
  rmSync(output);
  expect((await run(`${output}.recipe.yaml`)).result).toMatchObject({ kept: 1, isNew: true });
  expect([readFileSync(output), readFileSync(`${output}.recipe.yaml`, "utf8")]).toEqual([bytes, recipe]);
  expect((await run(`${output}.recipe.yaml`)).result).toMatchObject({ kept: 1, isNew: false });
  expect((await run(records, `output=${records}`, "overwrite=true")).errors).toContain("is read or written twice");
  const all = await run(records, `output=${output}`, "requireThinking=false", "overwrite=true");
  expect([all.result.kept, readFileSync(all.result.droppedFile, "utf8")]).toEqual([2, ""]);
});

test("of all samples of annotate the first good ones of each record are kept, and trained on", async () => {
  const records = writeRecords(
    "samples-of.jsonl",
    [...Array(8).keys()].map((id) => recordOf(id)),
  );
  const [samples, kept] = [join(folder, "all.jsonl"), join(folder, "kept.json")];
  await resultOf(annotate, [...settings(records, samples, await startDouble()), "n=8", "keep=all"]);
  const { result } = await resultOf<Filtered>(filter, [samples, `output=${kept}`, "perRecord=1"]);
  expect(result.read).toBe(64);
  const examples = await readExamples(kept);
  expect(examples.length).toBeGreaterThan(3);
  expect(new Set(examples.map(({ problemId }) => String(problemId).split("/")[0])).size).toBe(examples.length);
  expect(result.kept + Object.values(result.droppedBy).reduce((sum, count) => sum + count, 0)).toBe(64);
});

test("the original's own annotation and the paper's recipe", async () => {
  const file = join(root, "configs/data/video-r1-cot-165k.yaml");
  expect(loadConfig(FilterConfig, file)).toMatchObject({ minReward: 0.6, requireThinking: false, rules: "video-r1" });
  const annotation = join(folder, "x_COT_qwen72b.json");
  const ocr = { problem_type: "OCR", solution: "<answer>a b c d e</answer>", options: [] };
  const results = [
    recordOf(1, { answer: "B", reward: 1, select: true }),
    recordOf(2, { process: "<think>Hm</think>", answer: "B", reward: 0, select: false }),
    recordOf(3, { ...ocr, process: "<think>Hm</think>", answer: "a b c", reward: 0.6, select: false }),
    recordOf(4, { ...ocr, process: "<think>Hm</think>", answer: "a b c d", reward: 0.8, select: true }),
    recordOf(5, { answer: "error", reward: 0, select: false }),
  ];
  writeFileSync(annotation, JSON.stringify({ results }, null, 4));
  const output = join(folder, "cot.json");
  const { result } = await resultOf<Filtered>(filter, [file, `records=${annotation}`, `output=${output}`]);
  expect(result.droppedBy).toEqual({ REWARD_LOW: 3 });
  expect(JSON.parse(readFileSync(output, "utf8"))).toEqual([
    recordOf(1),
    recordOf(4, { ...ocr, process: "<think>Hm</think>" }),
  ]);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@videor1/source", "--import", "tsx", "apps/data-tools/src/cli.ts", "filter", file, "--dry-run"],
    { cwd: root },
  );
  expect(stdout).toContain("minReward: 0.6\n");
  expect(readFileSync(file, "utf8").split("\n")[0]).toBe(
    "# npm run data -- filter configs/data/video-r1-cot-165k.yaml",
  );
});

test("annotating with the 72B model has the original's settings", () => {
  const config = loadConfig(AnnotateConfig, join(root, "configs/data/annotate-72b.yaml"));
  expect(config.generation).toEqual({ maxCompletionLength: 512, doSample: true, temperature: 1, topP: 0.95, topK: 0 });
  expect(config).toMatchObject({ n: 1, prompt: { template: "code" }, media: { fps: 2, maxFrames: 16 } });
});
