import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { converted, folderOf, ours, recordsOf, run } from "../../test/converted.ts";

test("a table of the Hub: images are written once, named by their content, and nulls are absent", async () => {
  const table = fileURLToPath(new URL("../../test/fixtures/datasets-images.parquet", import.meta.url)); // by datasets 5.2.0
  const folder = folderOf({ "empty.txt": "" });
  const output = join(folder, "out.json");
  const { result } = await run(table, output);
  const records = await recordsOf(output);
  const [first, second, third] = records.map(({ path }) => String(path));
  expect(first).toMatch(/^out-media\/[0-9a-f]{32}\.png$/);
  expect(second).toMatch(/\.jpg$/);
  expect(third).toBe(first);
  expect(readdirSync(join(folder, "out-media")).sort()).toEqual([first, second].map((path) => basename(path!)).sort());
  expect(readFileSync(join(folder, first!)).subarray(1, 4).toString()).toBe("PNG");
  expect(records[0]).toMatchObject({
    problem_id: "a",
    data_type: "image",
    options: ["A. red", "B. blue"],
    solution: "<answer>A</answer>",
  });
  expect(records.map(({ hint, meta, solution }) => [hint, meta, solution])).toEqual([
    [undefined, { page: 3, tags: ["x"] }, "<answer>A</answer>"],
    ["look", { tags: [] }, "<answer>C</answer>"],
    [undefined, undefined, "<answer>A</answer>"],
  ]);
  expect(result).toMatchObject({ written: 3, embedded: { count: 2, folder: "out-media", mediaRoot: folder } });
});

describe("conversations", () => {
  const llava = {
    id: "v1",
    video: "a.mp4",
    conversations: [
      { from: "human", value: "<video>\nWhat is first?\nA. a cat\nB. a dog\nAnswer with the letter of the option." },
      { from: "gpt", value: "B. a dog" },
      { from: "human", value: "How many?" },
      { from: "gpt", value: "3" },
    ],
  };

  test("of LLaVA: each question is a record; options stand in its text", async () => {
    const { records, result } = await converted("c.json", [llava]);
    expect(records).toEqual([
      {
        problem_id: "v1-1",
        problem: "What is first?",
        data_type: "video",
        problem_type: "multiple choice",
        options: ["A. a cat", "B. a dog"],
        solution: "<answer>B</answer>",
        path: "a.mp4",
      },
      {
        problem_id: "v1-2",
        problem: "How many?",
        data_type: "video",
        problem_type: "numerical",
        options: [],
        solution: "<answer>3</answer>",
        path: "a.mp4",
      },
    ]);
    expect(result).toMatchObject({ rows: 1, candidates: 2, written: 2 });
    expect((await converted("c.json", [llava], "turns=first")).records).toHaveLength(1);
    expect((await converted("c.json", [llava], "turns=refuse")).result).toMatchObject({
      rows: 1,
      rejected: 1,
      written: 0,
    });
  });

  test("of ms-swift: several media, thinking, a solution beside", async () => {
    const { records } = await converted("c.jsonl", {
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "<image>Is this in <video>?" },
        { role: "assistant", content: "<think>I look.</think>\n<answer>yes</answer>" },
      ],
      images: ["a.png"],
      videos: ["b.mp4"],
      solution: "yes",
      extra: { kept: true },
    });
    expect(records).toEqual([
      {
        problem_id: 1,
        problem: "<image>Is this in <video>?",
        data_type: "video",
        problem_type: "free-form",
        options: [],
        process: "<think>I look.</think>",
        solution: "<answer>yes</answer>",
        images: ["a.png"],
        videos: ["b.mp4"],
        extra: { kept: true },
      },
    ]);
  });

  test("of ms-swift: media in the text", async () => {
    const messages = [
      { role: "user", content: "<video>a/b.mp4</video><img>c.png</img>What is it?" },
      { role: "assistant", content: "red" },
    ];
    const { records } = await converted("c.jsonl", { messages });
    expect(records).toMatchObject([{ problem: "<video><image>What is it?", videos: ["a/b.mp4"], images: ["c.png"] }]);
  });

  test("of TRL: a prompt of parts, and the answer in a column", async () => {
    const content = [
      { type: "image", image: "a.png" },
      { type: "text", text: "What colour?" },
    ];
    const { records } = await converted("c.jsonl", { prompt: [{ role: "user", content }], answer: "red" });
    expect(records).toMatchObject([
      { problem: "What colour?", data_type: "image", path: "a.png", solution: "<answer>red</answer>" },
    ]);
  });

  test.each([
    ["a role that is none", [{ from: "tool", value: "x" }]],
    ["an answer first", [{ from: "gpt", value: "x" }]],
    ["no question", [{ from: "system", value: "x" }]],
    ["no answer", [{ from: "human", value: "x" }]],
  ])("%s is rejected", async (_, conversations) => {
    const { result } = await converted("c.json", [llava, { ...llava, conversations }]);
    expect(result).toMatchObject({ rows: 2, candidates: 3, written: 2, rejected: 1 });
  });
});

test.each([
  ["out.json"],
  ["out.parquet"],
  ["out.json", "to=sharegpt"],
  ["out.parquet", "to=sharegpt"],
  ["out.jsonl", "to=llava"],
])("ours to %s %s and back are equal", async (name, ...settings) => {
  const records = settings[0] === "to=llava" ? ours.filter(({ images }) => images === undefined) : ours;
  const folder = folderOf({ "ours.json": records });
  const [there, back] = [join(folder, name), join(folder, "back.jsonl")];
  expect(await run(join(folder, "ours.json"), there, ...settings)).toMatchObject({
    result: { written: records.length },
  });
  await run(there, back);
  const isTable = name.endsWith(".parquet") && settings.length === 0;
  expect(await recordsOf(back)).toEqual(
    isTable ? records.map((record) => ({ ...record, problem_id: String(record.problem_id) })) : records,
  );
});

test("LLaVA's shape has no place for images beside videos: such records are rejected", async () => {
  const { result } = await converted("ours.json", ours, "to=llava");
  expect(result).toMatchObject({ written: 3, rejected: 1, reasons: { SHAPE: { count: 1 } } });
});
