import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { converted, folderOf, ours, recordsOf, rejectedOf, run } from "../../test/converted.ts";

describe("media", () => {
  const at = (video: string) => ({ video, question: "What?", answer: "x" });

  test("paths stay inside the media root, links too, and an ending is found", async () => {
    const folder = folderOf({ "media/in/a.mp4": "x", "media/b.webm": "x", "secret.mp4": "x", "media/c.mkv": "x" });
    symlinkSync("../secret.mp4", join(folder, "media/link.mp4"));
    const rows = [
      "in/a.mp4",
      "./b",
      join(folder, "media/c.mkv"),
      "link.mp4",
      "../secret.mp4",
      join(folder, "secret.mp4"),
      "d.mp4",
      "https://x.org/a.mp4",
    ];
    writeFileSync(join(folder, "rows.json"), JSON.stringify(rows.map(at)));
    const output = join(folder, "out.json");
    const { result } = await run(join(folder, "rows.json"), output, `mediaRoot=${join(folder, "media")}`);
    expect((await recordsOf(output)).map(({ path }) => path)).toEqual(["in/a.mp4", "b.webm", "c.mkv"]);
    expect(rejectedOf(output).map(({ index, code }) => [index, code])).toEqual([
      [3, "MEDIA_OUTSIDE_ROOT"],
      [4, "MEDIA_OUTSIDE_ROOT"],
      [5, "MEDIA_OUTSIDE_ROOT"],
      [6, "MEDIA_MISSING"],
      [7, "MEDIA_URL"],
    ]);
    expect(result).toMatchObject({ rows: 8, written: 3, rejected: 5 });
    const kept = await run(
      join(folder, "rows.json"),
      output,
      `mediaRoot=${join(folder, "media")}`,
      "missing=keep",
      "overwrite=true",
    );
    expect(kept.result).toMatchObject({ written: 4 });
  });

  test("records of our own are looked for as well", async () => {
    const folder = folderOf({ "ours.json": ours, "media/a.mp4": "x", "media/b.png": "x" });
    const { result } = await run(
      join(folder, "ours.json"),
      join(folder, "out.json"),
      `mediaRoot=${join(folder, "media")}`,
    );
    expect(result).toMatchObject({ written: 2, reasons: { MEDIA_MISSING: { count: 2 } } });
  });

  test("files of frames, times of day, limits and several videos", async () => {
    const rows = [
      { ...at("a.mp4"), start: "0:01:02.5", end: "62.75", nframes: "8" },
      { video: ["1.jpg", "2.jpg"], question: "What?", answer: "x" },
      { videos: ["a.mp4", { path: "b.mp4", fps: 2 }], question: "What?", answer: "x" },
      at("no ending"),
    ];
    const { records } = await converted("rows.json", rows);
    expect(records).toMatchObject([
      { path: "a.mp4", video_start: 62.5, video_end: 62.75, nframes: 8 },
      { path: ["1.jpg", "2.jpg"], data_type: "video" },
      { videos: ["a.mp4", { video: "b.mp4", fps: 2 }], data_type: "video" },
      { path: "no ending", data_type: "video" },
    ]);
  });
});

describe("files", () => {
  test("a folder with the parts of a table is read in their natural order", async () => {
    const part = (id: string) => ({ id, video: "a.mp4", question: "What?", answer: "x" });
    const folder = folderOf({
      "data/train-10.jsonl": part("c"),
      "data/train-2.jsonl": part("b"),
      "data/train-1.jsonl": part("a"),
    });
    await run(join(folder, "data"), join(folder, "out.json"));
    expect((await recordsOf(join(folder, "out.json"))).map(({ problem_id }) => problem_id)).toEqual(["a", "b", "c"]);
  });

  test("lines that are not JSON are rejected, with their lines", async () => {
    const { output, records } = await converted(
      "ours.jsonl",
      `${JSON.stringify(ours[0])}\n{]\n\n[1]\n${JSON.stringify(ours[1])}\n`,
    );
    expect(records).toEqual(ours.slice(0, 2));
    expect(rejectedOf(output).map(({ line, code }) => [line, code])).toEqual([
      [2, "ROW"],
      [4, "ROW"],
    ]);
  });

  test("an output that is there is not replaced unasked; strict stops at the first row", async () => {
    const { folder, output } = await converted("ours.json", ours);
    const before = readFileSync(output);
    expect((await run(join(folder, "ours.json"), output)).errors).toContain("overwrite=true");
    writeFileSync(join(folder, "bad.jsonl"), `${JSON.stringify(ours[0])}\n{]\n`);
    const { errors, exitCode } = await run(join(folder, "bad.jsonl"), output, "strict=true", "overwrite=true");
    expect([exitCode, errors]).toEqual([1, expect.stringContaining("bad.jsonl: line 2: is not JSON")]);
    expect(readFileSync(output)).toEqual(before);
    expect(readdirSync(folder).sort()).toEqual(["bad.jsonl", "ours.json", "out.jsonl"]);
  });

  test("a benchmark's official files", async () => {
    const choices = { A: "x", B: "y", C: "z", D: "u", E: "v" };
    const item = {
      id: "validation_Art_0",
      video: "https://x.org/videos/Art/0.mp4",
      youtube_url: "",
      question: "Which?",
      choices,
      question_type: "multiple-choice",
      answer: "B",
      metadata: { subject: "Art" },
    };
    const folder = folderOf({ "validation.json": [item] });
    const { errors } = await run(folder, join(folder, "out.json"), "benchmark=mmvu");
    expect(errors).toContain("mmvu");
    const output = join(folder, "all.json");
    await run(folder, output, "benchmark=mmvu", "allowOtherCounts=true");
    expect(await recordsOf(output)).toMatchObject([
      {
        problem_id: "validation_Art_0",
        options: ["A. x", "B. y", "C. z", "D. u", "E. v"],
        solution: "<answer>B</answer>",
        data_source: "mmvu",
      },
    ]);
  });
});

test("from the command line", () => {
  const folder = folderOf({ "q.csv": "video,question,answer\na.mp4,What?,red\nb.mp4,,red\n" });
  const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));
  const argv = [
    "--conditions=@videor1/source",
    "--import",
    "tsx",
    cli,
    "convert",
    join(folder, "q.csv"),
    join(folder, "out.json"),
  ];
  const { stdout, stderr, status } = spawnSync(process.execPath, argv, { encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toContain(`2 rows: 1 record in ${join(folder, "out.json")}, 1 rejected`);
  expect(stdout).toContain("q.csv, line 3: has no question");
});

test.each(["windows-1252", "latin1"])("quotes and the euro of encoding=%s", async (encoding) => {
  const bytes = Buffer.from("video,question,answer\na.mp4,\x93It\x92s\x94 \x80 5 \xe9?,red\n", "latin1");
  const { records } = await converted("q.csv", bytes, `encoding=${encoding}`);
  expect(records[0]).toMatchObject({ problem: "\u201cIt\u2019s\u201d \u20ac 5 \u00e9?" });
});

test("a row with stray quotes is left out once, at its line, and other rows keep their numbers", async () => {
  const rows = ["a.mp4,one?,x", 'a.mp4,He "said" so?,x', 'a.mp4,"two\nlines?",x', 'a.mp4,He "said" so?,x', "a.mp4,,x"];
  const { records, output, result } = await converted("q.csv", ["video,question,answer", ...rows].join("\n"));
  expect(result).toMatchObject({ rows: 5, written: 2, rejected: 3 });
  expect(records.map(({ problem_id }) => problem_id)).toEqual([1, 3]);
  expect(rejectedOf(output).map(({ code, line, index }) => [code, line, index])).toEqual([
    ["ROW", 3, 1],
    ["ROW", 6, 3],
    ["PROBLEM", 7, 4],
  ]);
});

test("a quote that nothing closes is named with its line, and the exit code is 1", async () => {
  const rows = ["a.mp4,one?,x", 'a.mp4,"two?,x', "a.mp4,three?,x", 'a.mp4,4" wide?,x', "a.mp4,five?,x", ""];
  const { output, result, exitCode } = await converted("q.csv", ["video,question,answer", ...rows].join("\n"));
  expect(result).toMatchObject({ written: 1, rejected: 1 });
  expect(exitCode).toBe(1);
  const [fault] = rejectedOf(output);
  expect(fault).toMatchObject({ code: "QUOTE", line: 3, row: rows.slice(1).join("\n").trimEnd() });
  expect(fault!.reason).toContain("the quote that opens in line 3 is never closed and swallows 3 lines");
});

test("a quote that the next quote closes wrongly is named with its line", async () => {
  const rows = ['a.mp4,"two?,x', 'a.mp4,"three",x', "a.mp4,four?,x"];
  const { output, result, exitCode } = await converted("q.csv", ["video,question,answer", ...rows].join("\n"));
  expect(result).toMatchObject({ written: 1, rejected: 1 });
  expect(exitCode).toBe(0);
  const [fault] = rejectedOf(output);
  expect(fault).toMatchObject({ code: "ROW", line: 2 });
  expect(fault!.reason).toContain("the quote that opens in line 2 is still open in line 3");
});

test("an id that was rounded is refused and not named", async () => {
  const row = '"video":"a.mp4","question":"What?","answer":"x"}';
  const { result } = await converted("q.jsonl", `{"id":9007199254740993,${row}\n{"id":"9007199254740993",${row}\n`);
  expect(result).toMatchObject({ written: 1, rejected: 1 });
  const { ID } = result!.reasons as { ID: { first: string } };
  expect(ID.first).toMatch(/line 1: the id is a number beyond 2\^53, which cannot be held exactly: write it as text$/);
});
