import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { converted, folderOf, recordsOf, rejectedOf, run } from "../../test/converted.ts";

describe("CSV", () => {
  test.each([
    ["commas", ","],
    ["semicolons", ";"],
    ["tabs", "\t"],
  ])("with %s, a byte order mark, quotes and line breaks in cells", async (_, between) => {
    const rows = [
      ["video", "question", "A", "B", "C", "answer", "note"],
      ["a.mp4", '"What ""now""\r\nthen, or; when"', "a cat", "a dog", "", "a dog", "x"],
      ["b.mp4", "How many?", "", "", "", "3", ""],
    ];
    const { records, result } = await converted(
      "q.csv",
      `\ufeff${rows.map((row) => row.join(between)).join("\r\n")}\r\n`,
    );
    expect(records).toEqual([
      {
        problem_id: 1,
        problem: 'What "now"\r\nthen, or; when',
        data_type: "video",
        problem_type: "multiple choice",
        options: ["A. a cat", "B. a dog"],
        solution: "<answer>B</answer>",
        path: "a.mp4",
        note: "x",
      },
      {
        problem_id: 2,
        problem: "How many?",
        data_type: "video",
        problem_type: "numerical",
        options: [],
        solution: "<answer>3</answer>",
        path: "b.mp4",
      },
    ]);
    expect(result).toMatchObject({
      rows: 2,
      written: 2,
      rejected: 0,
      problemTypes: { "multiple choice": 1, numerical: 1 },
    });
  });

  test("each row that is none is named with its line, and the others are converted", async () => {
    const text =
      'id,video,question,answer\n1,a.mp4,"one\ntwo",x\n2,b.mp4,too,many,cells\n3,c.mp4\n4,d.mp4,,x\n5,e.mp4,q,\n6,,q,x\n7,f.mp4,q,x\n7,g.mp4,q,y\n';
    const { result, output, records } = await converted("q.csv", text);
    expect(records.map(({ problem_id }) => problem_id)).toEqual([1, 7, 7]);
    expect(rejectedOf(output).map(({ line, code }) => [line, code])).toEqual([
      [4, "ROW"],
      [5, "ROW"],
      [6, "PROBLEM"],
      [7, "ANSWER"],
      [8, "MEDIA_NONE"],
    ]);
    expect(result).toMatchObject({ rows: 8, candidates: 8, written: 3, rejected: 5, doubleIds: { 7: 2 } });
  });

  test("bytes that are no UTF-8 are told, and read with encoding", async () => {
    const bytes = Buffer.from("video,question,answer\na.mp4,Où?,là\n", "latin1");
    const { errors, exitCode, output, folder } = await converted("q.csv", bytes);
    expect([exitCode, existsSync(output)]).toEqual([1, false]);
    expect(errors).toContain("q.csv, line 2: holds bytes that are no UTF-8: say encoding=windows-1252");
    await run(join(folder, "q.csv"), output, "encoding=latin1");
    expect(await recordsOf(output)).toMatchObject([{ problem: "Où?", solution: "<answer>là</answer>" }]);
  });

  test("of UTF-16, as spreadsheet programs write it, and a spreadsheet itself", async () => {
    const { records } = await converted(
      "q.csv",
      Buffer.from("\ufeffvideo\tquestion\tanswer\na.mp4\tOù?\tlà\n", "utf16le"),
    );
    expect(records).toMatchObject([{ problem: "Où?", path: "a.mp4" }]);
    const { errors } = await converted("q.xlsx", Buffer.from("PK\x03\x04, , ,\n"));
    expect(errors).toContain("is a spreadsheet or an archive\nSave the sheet as CSV");
  });

  test("an unknown table is refused with its columns and what to say", async () => {
    const { errors, exitCode } = await converted("q.csv", "a,b\n1,2\n");
    expect(exitCode).toBe(1);
    expect(errors).toContain(
      "none of its columns is known as the question (problem), the answer (solution), the video or image",
    );
    expect(errors).toContain("mapping=");
  });
});

describe("answers", () => {
  const csv = (...answers: string[]) =>
    `video,question,choices,answer\n${answers.map((answer, i) => `${i}.mp4,q,red|green|blue,${answer}`).join("\n")}\n`;
  const letters = (records: readonly Record<string, unknown>[]) =>
    records.map(({ solution }) => /<answer>(.*)<\/answer>/.exec(String(solution))![1]).join("");

  test.each([
    ["letters, texts, both", ["b", "(C)", "Blue", "A. red"], "BCCA"],
    ["numbers from 0, because one is 0", ["0", "2", "1"], "ACB"],
    ["numbers from 1, because one is 3", ["1", "3", "2"], "ACB"],
  ])("%s", async (_, answers, expected) => {
    const { records } = await converted("q.csv", csv(...answers));
    expect(letters(records)).toBe(expected);
  });

  test("numbers that may be either are rejected, and read as answerIs says", async () => {
    const { result, folder, output, exitCode } = await converted("q.csv", csv("1", "2"));
    expect(exitCode).toBe(1);
    expect(JSON.stringify(result)).toContain("answerIs=index0, index1 or text");
    await run(join(folder, "q.csv"), output, "answerIs=index1");
    expect(letters(await recordsOf(output))).toBe("AB");
  });
});

describe("mappings", () => {
  const row = { clip: "a", n: 4, q: "What?", c1: "x", c2: "y", right: 2, kind: "pick", path: "of their own" };

  test("a YAML file: columns, constants, templates, values", async () => {
    const folder = folderOf({
      "rows.jsonl": row,
      "map.yaml": `fields:
  problem_id: { template: "{clip}-{n}" }
  problem: q
  video: { template: "clips/{clip}.mp4" }
  options: [c1, c2]
  solution: right
  problem_type: { column: kind, values: { pick: multiple choice } }
  data_source: { constant: mine }
answerIs: index1
`,
    });
    const output = join(folder, "out.json");
    await run(join(folder, "rows.jsonl"), output, `mapping=${join(folder, "map.yaml")}`);
    expect(await recordsOf(output)).toEqual([
      {
        problem_id: "a-4",
        problem: "What?",
        data_type: "video",
        problem_type: "multiple choice",
        options: ["A. x", "B. y"],
        solution: "<answer>B</answer>",
        path: "clips/a.mp4",
        data_source: "mine",
        source_path: "of their own",
      },
    ]);
  });

  test("a preset", async () => {
    const text =
      "video,frame_count,width,height,question,answer,qid,type,a0,a1,a2,a3,a4\n7,9,4,3,why,1,2,CW,a,b,c,d,e\n";
    const { records } = await converted("val.csv", text, "mapping=next-qa");
    expect(records).toMatchObject([
      { problem_id: "7-2", path: "7.mp4", solution: "<answer>B</answer>", original_question_type: "CW", width: "4" },
    ]);
  });

  test("names that are none, and files with other keys, are refused", async () => {
    expect((await converted("rows.jsonl", row, "mapping=colums")).errors).toContain(
      "Known are video-r1, sharegpt, columns, next-qa",
    );
    const { folder } = await converted("rows.jsonl", row, "mapping=columns");
    writeFileSync(join(folder, "map.yaml"), "feilds: {}\n");
    const { errors } = await run(
      join(folder, "rows.jsonl"),
      join(folder, "x.json"),
      `mapping=${join(folder, "map.yaml")}`,
    );
    expect(errors).toContain('did you mean "fields"');
  });
});
