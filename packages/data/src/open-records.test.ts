import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkHeldBack } from "./held-back.ts";
import { createLoader } from "./loader.ts";
import { type OpenRecords, openRecords } from "./open-records.ts";
import { readExamples } from "./read.ts";
import type { Example } from "./schema.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "videor1-open-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const record = (id: number | string, more: object = {}) => ({
  problem_id: id,
  problem: `line\u2028separator é € 😀 [ { ] } , \\ \\" " \n ${"x".repeat((Number(id) * 7) % 2000)}`,
  problem_type: "free-form",
  data_type: Number(id) % 3 === 0 ? "image" : "video",
  solution: "<answer>x</answer>",
  path: `./a/${id}.png`,
  ...more,
});
const all = Array.from({ length: 1200 }, (_, id) =>
  record(id, { options: id % 2 ? [] : null, extra: { deep: [[id], {}] } }),
);

const examplesOf = (records: OpenRecords): Example[] => Array.from({ length: records.length }, (_, i) => records.at(i));

describe("each example is the one that reading all gives, from", () => {
  test.each([
    ["a JSON array", "a.json", JSON.stringify(all)],
    ["an indented one with a byte order mark", "b.json", `\uFEFF\n ${JSON.stringify(all, null, 2)}\n\n`],
    ["JSON Lines", "c.jsonl", all.map((r) => JSON.stringify(r)).join("\n")],
    [
      "JSON Lines with CRLF, blank lines and a mark",
      "d.json",
      `\uFEFF${all.map((r) => `${JSON.stringify(r)}\r\n\r\n`).join("")}`,
    ],
    ["results", "e.json", JSON.stringify({ results: all, final_acc: [{ mean_acc: 0.5 }], text: "]}" })],
    ["an array with invalid records", "f.json", JSON.stringify(all.map((r, i) => (i % 7 ? r : { ...r, path: 3 })))],
    [
      "an array of texts that begin with a byte order mark",
      "bom.json",
      JSON.stringify([record(1, { problem: "\uFEFFmarked" }), record(3)]),
    ],
    ["an array of two scalars and a record", "g.json", JSON.stringify([3, "text, with ] and \\", all[0]])],
  ])("%s", async (_, name, text) => {
    const path = await file(name, text);
    for (const dataType of [undefined, "image"] as const) {
      const byReading: string[] = [];
      const byOpening: string[] = [];
      const options = { onInvalid: "skip", ...(dataType && { dataType }) } as const;
      const read = await readExamples(path, { ...options, print: (line) => byReading.push(line) });
      const opened = await openRecords(path, { ...options, print: (line) => byOpening.push(line) });
      expect(examplesOf(opened)).toEqual(read);
      expect(byOpening).toEqual(byReading);
      opened.close();
    }
  });
});

describe("the error is that of reading all:", () => {
  const good = JSON.stringify(record(1));
  test.each([
    ["a missing value", `[${good},\n\n{"é":}]`],
    ["a missing comma", `[\n${good}\n{}]`],
    ["a comma too many", `[${good},]`],
    ["a file cut in a record", `[${good},\n{"a": 1,\n"b`],
    ["a file cut after a record", `[${good},\n${good}`],
    ["results cut in a record", `{"results": [${good},\n{"a": 1,\n"b`],
    ["results that are not closed", `{"results": [${good}], "a`],
    ["text after the array", `[${good}]\nmore`],
    ["a broken line", `${good}\n{"a":\n`],
    ["no record", "[]"],
    ["nothing", " \n"],
    ["an invalid record", `[${good}, {"problem_id": 7}]`],
    ["no valid record", "[{}]"],
  ])("%s", async (name, text) => {
    const path = await file(`${name}.json`, text);
    const onInvalid = name === "no valid record" ? "skip" : "error";
    const faultOf = (work: Promise<unknown>) =>
      work.then(
        () => "none",
        (error: Error & { code: string }) => [error.code, error.message],
      );
    const expected = await faultOf(readExamples(path, { onInvalid }));
    expect(await faultOf(openRecords(path, { onInvalid }))).toEqual(expected);
    expect(expected).toHaveLength(2);
  });
});

test("an absent file", async () => {
  await expect(openRecords(join(folder, "absent.json"))).rejects.toMatchObject({ code: "DATASET_NOT_FOUND" });
});

test("a file that is changed in use ends the loader, and no example stands for another", async () => {
  const path = await file(
    "changing.jsonl",
    all
      .slice(0, 50)
      .map((r) => JSON.stringify(r))
      .join("\n"),
  );
  const examples = await openRecords(path);
  const load = async (example: Example) => example.problemId;
  const batches = createLoader({ examples, load, batchSize: 4, prefetch: 4, seed: 1 });
  expect((await batches.next()).value!.loaded).toHaveLength(4);
  await appendFile(path, "\n");
  const rest = async () => {
    for await (const _ of batches);
  };
  await expect(rest()).rejects.toMatchObject({ code: "DATASET_BROKEN", message: expect.stringContaining("changed") });
  examples.close();
});

test("a leak is found in records that are not held", async () => {
  const records = [1, 2, 3].map((id) => record(id));
  const lists = { path: undefined, data_type: undefined, videos: [["f/1.png", "./f/2.png"], "v.mp4"] };
  const path = await file("training.json", JSON.stringify([...records, record("text", lists)]));
  const training = await openRecords(path);
  const held = (problemId: number | string, path: string) => ({ ...training.at(0), problemId, path });
  const refusal = (example: Example) => () => checkHeldBack([held(90, "b.png"), example], training);
  expect(refusal(held(91, "b/9.png"))).not.toThrow();
  for (const leak of [
    held("2", "b.png"),
    held("text", "c"),
    held(92, "a/3.png"),
    held(93, "f/../f/2.png"),
    held(94, "v.mp4"),
  ])
    expect(refusal(leak)).toThrow("1 of 2 validation records");
  training.close();
});

test("a byte of an array that is not UTF-8 is an error of either", async () => {
  const path = join(folder, "latin.json");
  await writeFile(path, Buffer.from(JSON.stringify([record(1, { problem: "caf\xe9" })]), "latin1"));
  await expect(readExamples(path)).rejects.toMatchObject({ code: "DATASET_BROKEN" });
  await expect(openRecords(path)).rejects.toMatchObject({ code: "DATASET_BROKEN" });
});
