import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "@videor1/cli";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { fewRecord, writeRecords } from "../../test/few-records.ts";
import { command as curateCommand } from "./command.ts";
import { CurateConfig } from "./config.ts";
import { curate } from "./curate.ts";

const root = mkdtempSync(join(tmpdir(), "curate-"));
afterAll(() => rmSync(root, { recursive: true }));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, "case-"));
});

const signal = new AbortController().signal;
const silent = { signal, print: () => {} };
const at = (name: string) => join(folder, name);
/** Curates with these settings; a YAML file comes first. */
const run = (settings: readonly string[], options = silent) =>
  curate(
    loadConfig(
      CurateConfig,
      settings.find((word) => word.endsWith(".yaml")),
      settings.filter((word) => !word.endsWith(".yaml")),
    ),
    options,
  );
type Read = { problem_id: number; data_source: string };
const readLines = (file: string): Read[] =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Read);
const ids = (file: string) => readLines(file).map(({ problem_id }) => problem_id);

/** 20 of CLEVRER, 10 of STAR, 6 of ChartQA, which are images. */
const mixed = Array.from({ length: 36 }, (_, i) =>
  fewRecord(
    i,
    i < 20 ? {} : i < 30 ? { data_source: "STAR" } : { data_source: "ChartQA", data_type: "image", path: `${i}.png` },
  ),
);
const parts = "composition=[{bucket: Chart, count: 4}, {dataType: video, count: 8}]";

test("parts get what they ask for; every record is counted once; unknown fields and the order of the file stay", async () => {
  const records = writeRecords(at("a.jsonl"), [
    ...mixed,
    fewRecord(99, { data_source: "x", data_type: "image" }),
    { problem_id: 100 },
    mixed[0]!,
  ]);
  const { counts } = await run([`records=${records}`, `output=${at("out.jsonl")}`, parts]);
  expect(counts).toMatchObject({
    read: 39,
    kept: 12,
    leftOut: { NOT_DRAWN: 24, NOT_IN_COMPOSITION: 1, INVALID: 1, DUPLICATE: 1 },
    parts: { Chart: { asked: 4, available: 6, taken: 4 }, video: { asked: 8, available: 30, taken: 8 } },
    buckets: {
      Chart: { before: 6, after: 4 },
      "General (Video)": { before: 31, after: 8 },
      Other: { before: 1, after: 0 },
    },
    sources: { ChartQA: { before: 6, after: 4 }, x: { before: 1, after: 0 } },
  });
  expect(counts.kept + Object.values(counts.leftOut).reduce((sum, count) => sum + count, 0)).toBe(counts.read);
  const written = readLines(at("out.jsonl"));
  expect(written).toEqual(mixed.filter((record) => written.some(({ problem_id }) => problem_id === record.problem_id)));
});

test("neither the order of files nor records of other parts change who is chosen", async () => {
  const [one, two] = [writeRecords(at("a.jsonl"), mixed.slice(0, 15)), writeRecords(at("b.json"), mixed.slice(15))];
  const more = writeRecords(at("c.jsonl"), [fewRecord(77, { data_source: "Geometry3K", data_type: "image" })]);
  await run([`records=[${one}, ${two}]`, `output=${at("x.jsonl")}`, parts]);
  await run([`records=[${two}, ${more}, ${one}]`, `output=${at("y.jsonl")}`, parts]);
  await run([`records=[${two}, ${one}]`, `output=${at("z.jsonl")}`, parts, "seed=43"]);
  expect(ids(at("y.jsonl")).sort()).toEqual(ids(at("x.jsonl")).sort());
  expect(ids(at("z.jsonl")).sort()).not.toEqual(ids(at("x.jsonl")).sort());
});

test("as many of each source, up to a limit", async () => {
  const records = writeRecords(at("a.jsonl"), mixed);
  const { counts } = await run([
    `records=${records}`,
    `output=${at("out.jsonl")}`,
    "total=18",
    "perSource.balance=equal",
    "perSource.most=6",
  ]);
  expect(Object.values(counts.sources).map(({ after }) => after)).toEqual([6, 6, 6]);
  expect(counts.leftOut).toEqual({ SOURCE_LIMIT: 18 });
});

test("by pass rate: solved and unsolved out, the others by 4p(1-p)", async () => {
  const records = writeRecords(at("a.jsonl"), mixed);
  const rates = writeRecords(at("rates.jsonl"), [
    ...mixed.slice(0, 10).map(({ problem_id }) => ({ problem_id, correct: true })),
    ...mixed.slice(10, 18).map(({ problem_id }) => ({ problem_id, rewards: [0, 0, false] })),
    ...mixed.slice(18, 30).map(({ problem_id }) => ({ problem_id, pass_rate: 0.5 })),
    { problem_id: 1000, pass_rate: 1 },
  ]);
  const common = [`records=${records}`, `passRates=${rates}`, `output=${at("out.jsonl")}`, "overwrite=true"];
  const { counts } = await run([...common, "dropSolved=true", "dropUnsolved=true"]);
  expect(counts).toMatchObject({ kept: 18, leftOut: { SOLVED: 10, UNSOLVED: 8 } });
  expect(counts.passRates).toEqual({ problems: 31, answers: 47, recordsWithRate: 30, problemsWithoutRecord: 1 });
  const weighed = await run([...common, "weight=4p(1-p)", "withoutPassRate=drop", "total=5"]);
  expect(weighed.counts).toMatchObject({ kept: 5, leftOut: { WEIGHT_ZERO: 18, NO_PASS_RATE: 6, NOT_DRAWN: 7 } });
});

test("the recipe makes the same bytes, and says what was read and made", async () => {
  const records = writeRecords(at("a.jsonl"), mixed);
  const output = at("out.json");
  await run([
    `records=${records}`,
    `output=${output}`,
    "composition=video-r1",
    "total=12",
    "onShortfall=fill",
    "indent=1",
  ]);
  const [bytes, recipe] = [readFileSync(output), readFileSync(`${output}.recipe.yaml`, "utf8")];
  rmSync(output);
  expect(await run([`${output}.recipe.yaml`])).toMatchObject({ isNew: true });
  expect([readFileSync(output), readFileSync(`${output}.recipe.yaml`, "utf8")]).toEqual([bytes, recipe]);
  expect(await run([`${output}.recipe.yaml`])).toMatchObject({ isNew: false, counts: { kept: 12 } });
  appendFileSync(records, `${JSON.stringify(fewRecord(50))}\n`);
  await expect(run([`${output}.recipe.yaml`])).rejects.toMatchObject({ code: "RECIPE_INPUTS", file: records });
  await run([`${output}.recipe.yaml`, "allowChanged=true", "overwrite=true"]);
  expect(readFileSync(`${output}.recipe.yaml`, "utf8")).toContain("read: 37");
});

test("a parquet table is read, written and made again", async () => {
  const records = writeRecords(at("a.jsonl"), mixed);
  await run([`records=${records}`, `output=${at("all.parquet")}`]);
  const output = at("few.parquet");
  await run([`records=${at("all.parquet")}`, `output=${output}`, "total=9"]);
  await run([`records=${output}`, `output=${at("few.jsonl")}`]);
  expect(ids(at("few.jsonl"))).toHaveLength(9);
  const bytes = readFileSync(output);
  await run([`${output}.recipe.yaml`, "overwrite=true"]);
  expect(readFileSync(output)).toEqual(bytes);
});

test("an output that other settings, another command or a hand made is not replaced without a word", async () => {
  const records = writeRecords(at("a.jsonl"), mixed);
  const output = at("out.jsonl");
  const settings = [`records=${records}`, `output=${output}`, "total=5"];
  await run(settings);
  await expect(run([...settings, "seed=1"])).rejects.toThrow(/is there, made with other settings: seed 42, now 1/);
  appendFileSync(output, "{}\n");
  await expect(run(settings)).rejects.toThrow("was changed since its recipe was written");
  writeFileSync(`${output}.recipe.yaml`, "train: x.json\n");
  await expect(run(settings)).rejects.toThrow("is not a recipe of this command");
  rmSync(`${output}.recipe.yaml`);
  await expect(run(settings)).rejects.toThrow("no recipe beside it");
  await expect(run([`records=${records}`, `output=${records}`])).rejects.toThrow("read or written twice");
  await run([...settings, "overwrite=true"]);
  expect(ids(output)).toHaveLength(5);
});

test.each([
  [
    "a line without a rate",
    [{ problem_id: 1 }],
    { code: "PASS_RATE_INVALID", message: expect.stringContaining("line 1") },
  ],
  ["a rate above 1", [{ problem_id: 1, rewards: [2] }], { code: "PASS_RATE_INVALID" }],
  ["rates of other records", [{ problem_id: "x", pass_rate: 1 }], { code: "PASS_RATE_OF_NONE" }],
])("%s is refused", async (_, lines, expected) => {
  const [records, rates] = [writeRecords(at("a.jsonl"), mixed), writeRecords(at("r.jsonl"), lines)];
  await expect(run([`records=${records}`, `output=${at("o.jsonl")}`, `passRates=${rates}`])).rejects.toMatchObject(
    expected,
  );
  expect(readdirSync(folder).sort()).toEqual(["a.jsonl", "r.jsonl"]);
});

test("a setting that would have no effect, and a name that says no format, are refused", () => {
  const config = (...settings: string[]) => loadConfig(CurateConfig, undefined, ["records=a", ...settings]);
  expect(() => config("output=o.json", "dropSolved=true")).toThrow("dropSolved: has no effect without passRates");
  expect(() => config("output=o.json", "passRates=r", "leastWeight=0.5")).toThrow("has no effect on the weight none");
  expect(() => config("output=o.json", "composition=[{bucket: Chrt}]")).toThrow(
    'expected one of "Other"|"General (Video)"',
  );
  expect(() => config("output=o.txt")).toThrow("must end in .jsonl");
  expect(() => config("output=o.json", "composition=[{count: 1, share: 1}]")).toThrow("not both");
});

test("stopped, it leaves nothing", async () => {
  const records = writeRecords(at("a.jsonl"), mixed);
  const stop = AbortSignal.abort(new DOMException("stopped", "AbortError"));
  await expect(run([`records=${records}`, `output=${at("o.jsonl")}`], { ...silent, signal: stop })).rejects.toThrow(
    "stopped",
  );
  expect(readdirSync(folder)).toEqual(["a.jsonl"]);
});

test("the command prints a table, or one JSON object", async () => {
  const records = writeRecords(at("a.jsonl"), mixed);
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  try {
    await curateCommand([records, `output=${at("o.jsonl")}`, "composition=[{bucket: Chart, count: 9}]"]);
    expect(log.mock.lastCall?.[0]).toMatch(/^Chart +9 +6 +6 +short by 3$/m);
    await curateCommand([records, `output=${at("o.jsonl")}`, "composition=[{bucket: Chart, count: 9}]", "--json"]);
    expect(JSON.parse(log.mock.lastCall?.[0] as string)).toMatchObject({
      output: at("o.jsonl"),
      isNew: false,
      kept: 6,
    });
  } finally {
    log.mockRestore();
  }
  expect(existsSync(at("o.jsonl.partial"))).toBe(false);
});

test("what a crash left half written is written anew", async () => {
  const records = writeRecords(at("a.jsonl"), mixed);
  writeFileSync(at("o.jsonl.partial"), "half a rec");
  await run([`records=${records}`, `output=${at("o.jsonl")}`, "total=4"]);
  expect(ids(at("o.jsonl"))).toHaveLength(4);
});
