import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { copyParquet, temporaryFolder, writeFiles } from "../test/benchmark-folder.ts";
import { everyBenchmark, goldenBenchmark } from "../test/golden.ts";
import type { BenchmarkName } from "./benchmark-name.ts";
import { benchmarks } from "./benchmarks.ts";
import { exampleOf } from "./item.ts";
import { itemsOf } from "./items-of.ts";
import { readBenchmark, readItems } from "./read-items.ts";

const part = { allowOtherCounts: true };

describe.each(everyBenchmark.filter(([, { files }]) => Object.keys(files).every((name) => !name.endsWith(".parquet"))))(
  "%s from a folder",
  (name, { files }) => {
    const items = itemsOf(name, files);

    test("its files as the authors lay them out", async () => {
      const folder = writeFiles(temporaryFolder(), files);
      expect(await readItems(name, folder, part)).toEqual(items);
    });

    test("its files one level deeper", async () => {
      const folder = temporaryFolder();
      writeFiles(join(folder, "a-snapshot"), files);
      expect(await readItems(name, folder, part)).toEqual(items);
    });
  },
);

describe("tables", () => {
  test.each<[BenchmarkName, string]>([
    ["vsi-bench", "test.jsonl"],
    ["video-mme", "videomme/test-00000-of-00001.parquet"],
    ["egoschema", "Subset/test-00000-of-00001.parquet"],
  ])("%s of a parquet file is that of its rows", async (name, file) => {
    const folder = copyParquet(name, temporaryFolder());
    const { files } = goldenBenchmark(name);
    expect(await readItems(name, folder, part)).toEqual(itemsOf(name, { [file]: files[file] }));
  });

  test("images in a table are written once, and again only if they are gone", async () => {
    const folder = copyParquet("pope", temporaryFolder());
    const items = await readItems("pope", folder, part);
    const paths = items.map(({ media }) => String(media[0]!.path));
    expect(paths[0]).toBe(paths[1]);
    expect(paths[2]).toBe(paths[3]);
    const images = join(folder, "extracted-images");
    const names = readdirSync(images);
    expect(names.map((name) => `extracted-images/${name}`).sort()).toEqual([...new Set(paths)].sort());
    expect(readFileSync(join(folder, paths[0]!)).subarray(1, 4).toString()).toBe("PNG");
    expect(items.map(({ extra }) => extra!.image)).toEqual(paths);
    rmSync(join(images, names[0]!));
    expect(await readItems("pope", folder, part)).toEqual(items);
    expect(readdirSync(images).sort()).toEqual(names.sort());
  });

  test("a table that lacks a part is not there", async () => {
    const folder = copyParquet("pope", temporaryFolder());
    rmSync(join(folder, "data/test-00000-of-00002.parquet"));
    await expect(readItems("pope", folder, part)).rejects.toThrow("has not the official data/test.parquet");
  });

  test("MathVista's images are those on disk, or those of the table", async () => {
    const folder = copyParquet("mathvista", temporaryFolder());
    writeFiles(folder, { "images/1.jpg": "a picture" });
    const { items, missingMedia } = await readBenchmark("mathvista", folder, part);
    const paths = items.map(({ media }) => media[0]!.path);
    expect(paths[0]).toBe("images/1.jpg");
    expect(paths.slice(1)).toEqual([expect.stringMatching(/^extracted-images\//), expect.stringMatching(/\.png$/)]);
    expect(missingMedia).toEqual([]);
    expect(items.map(({ precision }) => precision)).toEqual([undefined, undefined, 1]);
  });
});

describe("Video-R1's own file", () => {
  const withFile = everyBenchmark.filter(([, { videoR1File }]) => videoR1File);
  test.each(withFile)("%s: an item carries its record", async (name, golden) => {
    const folder = writeFiles(temporaryFolder(), golden.videoR1File!);
    const lines: string[] = [];
    const { items, source, isWhole } = await readBenchmark(name, folder, { print: (line) => lines.push(line) });
    expect({ source, isWhole }).toEqual({ source: "video-r1", isWhole: undefined });
    expect(lines[0]).toContain(`${name}: ${items.length} items of Video-R1's file`);
    const records = golden.videoR1File![benchmarks[name].recordsFile!]!;
    const shown = items.map(exampleOf).map(({ problemId, problem, problemType, options, solution, path }) => {
      return { problem_id: Number(problemId), problem, problem_type: problemType, options, solution, path };
    });
    expect(shown).toEqual(records.map(({ process, data_type, data_source, ...record }) => record));
  });

  test("is read if it is asked for, and after the official files if both are there", async () => {
    const { files, videoR1File } = goldenBenchmark("mmvu");
    const folder = writeFiles(temporaryFolder(), { ...files, ...videoR1File });
    expect((await readBenchmark("mmvu", folder, part)).source).toBe("official");
    expect((await readBenchmark("mmvu", folder, { source: "video-r1" })).items[0]!.extra).toBeUndefined();
  });
});

describe("what is asked for", () => {
  const { files } = goldenBenchmark("mvbench");

  test("tasks: the files of others may be absent", async () => {
    const file = "json/action_count.json";
    const folder = writeFiles(temporaryFolder(), { [file]: files[file] });
    const options = { ...part, tasks: ["action_count"] };
    expect((await readItems("mvbench", folder, options)).map(({ id }) => id)).toEqual(
      [0, 1, 2].map((i) => `action_count/${i}`),
    );
    await expect(readItems("mvbench", folder, part)).rejects.toThrow(
      /lacks json\/action_sequence\.json, json\/action_pre/,
    );
    await expect(readItems("mvbench", folder, { tasks: ["dancing"] })).rejects.toThrow("mvbench has no task dancing");
    await expect(readItems("egoschema", folder, { tasks: ["any"] })).rejects.toMatchObject({ hint: /no tasks/ });
  });

  test("tasks of a table that holds all: its others are left out", async () => {
    const folder = copyParquet("pope", temporaryFolder());
    expect(await readItems("pope", folder, { ...part, tasks: ["random"] })).toHaveLength(4);
    await expect(readItems("pope", folder, { ...part, tasks: ["popular"] })).rejects.toThrow(
      "holds no item of popular",
    );
  });

  test("limit: the first items", async () => {
    const folder = writeFiles(temporaryFolder(), files);
    expect(await readItems("mvbench", folder, { ...part, limit: 5 })).toEqual(itemsOf("mvbench", files).slice(0, 5));
  });
});

describe("what is wrong", () => {
  test("no file: what was looked for, and where it is", async () => {
    const folder = temporaryFolder();
    await expect(readItems("vsi-bench", folder)).rejects.toMatchObject({
      message: `vsi-bench: ${folder} has not the official test.jsonl or test-00000-of-00001.parquet, nor Video-R1's eval_vsibench.json, itself or one level deeper`,
      hint: /huggingface\.co\/datasets\/nyu-visionx\/VSI-Bench/,
    });
    await expect(readItems("pope", folder, { source: "video-r1" })).rejects.toThrow("Video-R1 has no file of it");
    await expect(readItems("pope", join(folder, "nowhere"))).rejects.toThrow("cannot be read: ENOENT");
  });

  test("other counts: expected and found by group, or a line where they are allowed", async () => {
    const folder = writeFiles(temporaryFolder(), goldenBenchmark("vsi-bench").files);
    const message =
      /^vsi-bench: the files differ from the release: items: 5130 expected, 45 found; different media: 288 expected, 45 found; task object_counting: 565 expected, \d+ found/;
    await expect(readItems("vsi-bench", folder)).rejects.toThrow(message);
    const lines: string[] = [];
    const { isWhole } = await readBenchmark("vsi-bench", folder, { ...part, print: (line) => lines.push(line) });
    expect(isWhole).toBe(false);
    expect(lines[0]).toMatch(message);
  });

  test("a line: its number, record and field", async () => {
    const [first, second] = goldenBenchmark("vsi-bench").files["test.jsonl"] as object[];
    const text = `${JSON.stringify(first)}\n\n${JSON.stringify({ ...second, ground_truth: "E" })}\n`;
    const folder = writeFiles(temporaryFolder(), { "test.jsonl": text });
    await expect(readItems("vsi-bench", folder, part)).rejects.toThrow(
      'vsi-bench: test.jsonl, line 3 (id 1): ground_truth: "E" is none of the 4 options',
    );
    writeFiles(folder, { "test.jsonl": `${JSON.stringify(first)}\n{"id": 1,` });
    await expect(readItems("vsi-bench", folder, part)).rejects.toThrow("cannot be read: line 2: ");
  });

  test("hidden answers: which files have them", async () => {
    const folder = copyParquet("egoschema-full", temporaryFolder());
    await expect(readItems("egoschema", folder, part)).rejects.toThrow(/record 0 \(id 0\): answer: .* take the config/);
    const [lvb] = goldenBenchmark("longvideobench").files["lvb_val.json"] as object[];
    const test = writeFiles(temporaryFolder(), { "lvb_test_wo_gt.json": [{ ...lvb, correct_choice: -1 }] });
    await expect(readItems("longvideobench", test, part)).rejects.toThrow("hidden; take lvb_val.json");
  });
});
