import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "@videor1/cli";
import { readExamples, readHeldBack } from "@videor1/data";
import fc from "fast-check";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { fewRecord, writeRecords } from "../../test/few-records.ts";
import { command as splitCommand } from "./command.ts";
import { SplitConfig } from "./config.ts";
import { split } from "./split.ts";

const root = mkdtempSync(join(tmpdir(), "split-"));
afterAll(() => rmSync(root, { recursive: true }));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, "case-"));
});

const silent = { signal: new AbortController().signal, print: () => {} };
const at = (name: string) => join(folder, name);
const run = (records: string, ...settings: string[]) =>
  split(
    loadConfig(SplitConfig, undefined, [
      `records=${records}`,
      `train=${at("t.jsonl")}`,
      `validation=${at("v.jsonl")}`,
      ...settings,
    ]),
    silent,
  );
const ids = (name: string) =>
  readFileSync(at(name), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { problem_id: number }).problem_id);

/** Refuses validation records that are training's too. */
const checkLeaks = async () =>
  readHeldBack({ records: at("v.jsonl") }, [await readExamples(at("t.jsonl"))], { print: () => {} });

test("pairs on one clip stay together, strata keep their shares, every record is in one file or counted", async () => {
  const pairs = Array.from({ length: 200 }, (_, i) =>
    fewRecord(i, { path: `./clips/../${Math.floor(i / 2)}.mp4`, data_source: i < 120 ? "CLEVRER" : "STAR" }),
  );
  const records = writeRecords(at("a.jsonl"), [...pairs, { problem_id: "broken" }]);
  const { counts } = await run(records, "share=0.1", "stratify=source");
  expect(counts).toMatchObject({
    read: 201,
    train: 180,
    validation: 20,
    leftOut: { INVALID: 1 },
    asked: 20,
    components: 100,
    largest: 2,
    strata: { CLEVRER: { records: 120, asked: 12, validation: 12 }, STAR: { records: 80, asked: 8, validation: 8 } },
  });
  expect([...ids("t.jsonl"), ...ids("v.jsonl")].sort((a, b) => a - b)).toEqual(
    pairs.map(({ problem_id }) => problem_id),
  );
  await expect(checkLeaks()).resolves.toHaveLength(20);
});

test("no split leaks", async () => {
  const clip = fc.nat(9).map((i) => `${i}.mp4`);
  const raw = fc.array(
    fc.record({ id: fc.nat(30), media: fc.array(clip, { minLength: 1, maxLength: 2 }), type: fc.boolean() }),
    { minLength: 2, maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(raw, fc.nat(20), async (all, seed) => {
      const fields = all.map(({ id, media, type }) =>
        fewRecord(id, {
          path: undefined,
          data_type: undefined,
          videos: media,
          ...(type ? {} : { problem_type: "OCR" }),
        }),
      );
      const records = writeRecords(at("a.jsonl"), fields);
      try {
        const { counts } = await run(records, "share=0.3", `seed=${seed}`, "overwrite=true");
        expect(counts.train + counts.validation).toBe(all.length);
        await checkLeaks();
      } catch (error) {
        expect(error).toMatchObject({ code: "SPLIT_EMPTY" });
      }
    }),
    { seed: 6, numRuns: 8 },
  );
});

test("the bytes of media join records whose paths differ; what cannot be read is counted", async () => {
  mkdirSync(at("media/frames"), { recursive: true });
  for (const [name, bytes] of Object.entries({
    "0.mp4": "x",
    "1.mp4": "x",
    "2.mp4": "y",
    "frames/1.jpg": "y",
    "frames/2.jpg": "z",
  }))
    writeFileSync(at(`media/${name}`), bytes);
  symlinkSync("/etc/hostname", at("media/4.mp4"));
  const records = writeRecords(
    at("a.jsonl"),
    [0, 1, 2, 3, 4, 5].map((i) => fewRecord(i, i === 3 ? { path: "frames" } : {})),
  );
  const media = ["media=true", `mediaRoot=${at("media")}`, "count=2", "stratify=[]"];
  const { counts, unread } = await run(records, ...media, "concurrency=1");
  expect(counts).toMatchObject({ components: 4, largest: 2, media: { paths: 6, unread: 2 } });
  expect(unread).toEqual([expect.stringContaining("leads out of the media root"), expect.stringContaining("no file")]);
  const sides = [0, 1, 2, 3].map((id) => ids("v.jsonl").includes(id));
  expect([sides[0], sides[2]]).toEqual([sides[1], sides[3]]);
  expect(existsSync(at("t.jsonl.journal"))).toBe(false);
  const before = ["t.jsonl", "v.jsonl"].map((name) => readFileSync(at(name), "utf8"));
  await run(records, ...media, "concurrency=5", "overwrite=true");
  expect(["t.jsonl", "v.jsonl"].map((name) => readFileSync(at(name), "utf8"))).toEqual(before);
});

test("the same question is on one side where that is asked for", async () => {
  const records = writeRecords(
    at("a.jsonl"),
    Array.from({ length: 12 }, (_, i) => fewRecord(i, { problem: i < 4 ? "What  is this?" : `${i}?` })),
  );
  expect((await run(records)).counts.components).toBe(12);
  expect((await run(records, "text=true", "overwrite=true")).counts).toMatchObject({ components: 9, largest: 4 });
});

test("records that all share something cannot be split, and nothing is left", async () => {
  const records = writeRecords(
    at("a.jsonl"),
    [1, 2, 3].map((i) => fewRecord(i, { path: "one.mp4" })),
  );
  await expect(run(records)).rejects.toMatchObject({ code: "SPLIT_EMPTY", hint: expect.stringContaining("share") });
  expect(readdirSync(folder)).toEqual(["a.jsonl"]);
});

test("the recipe makes both files again", async () => {
  const records = writeRecords(
    at("a.jsonl"),
    Array.from({ length: 30 }, (_, i) => fewRecord(i)),
  );
  await run(records);
  const before = ["t.jsonl", "v.jsonl", "t.jsonl.recipe.yaml"].map((name) => readFileSync(at(name), "utf8"));
  rmSync(at("v.jsonl")); // as after a crash between the two
  const again = await split(loadConfig(SplitConfig, at("t.jsonl.recipe.yaml")), silent);
  expect(again.isNew).toBe(true);
  expect(["t.jsonl", "v.jsonl", "t.jsonl.recipe.yaml"].map((name) => readFileSync(at(name), "utf8"))).toEqual(before);
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  try {
    await splitCommand([at("t.jsonl.recipe.yaml"), "--json"]);
    expect(JSON.parse(log.mock.lastCall?.[0] as string)).toMatchObject({ isNew: false, train: 28, validation: 2 });
  } finally {
    log.mockRestore();
  }
});
