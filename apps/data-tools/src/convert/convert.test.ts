import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRecords } from "@videor1/data";
import { afterAll, describe, expect, test, vi } from "vitest";
import { command } from "./command.ts";

const root = mkdtempSync(join(tmpdir(), "convert-"));
afterAll(() => rmSync(root, { recursive: true }));
let made = 0;

/** A folder with these files; a value that is no text is written as JSON. */
function folderOf(files: Readonly<Record<string, unknown>>): string {
  made += 1;
  const folder = join(root, String(made));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(
      join(folder, name),
      typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content),
    );
  }
  return folder;
}

/** Runs the verb: its result, what it said on errors, and the exit code. */
async function run(...argv: string[]) {
  const [printed, errors]: [string[], string[]] = [[], []];
  const log = vi.spyOn(console, "log").mockImplementation((line) => void printed.push(String(line)));
  const error = vi.spyOn(console, "error").mockImplementation((line) => void errors.push(String(line)));
  process.exitCode = 0;
  try {
    await command([...argv, "--json"]);
    const result = printed.length > 0 ? (JSON.parse(printed.join("\n")) as Record<string, unknown>) : undefined;
    return { result, errors: errors.join("\n"), exitCode: process.exitCode };
  } finally {
    process.exitCode = 0;
    log.mockRestore();
    error.mockRestore();
  }
}

async function recordsOf(path: string): Promise<Record<string, unknown>[]> {
  const records: Record<string, unknown>[] = [];
  for await (const { record } of readRecords(path)) records.push(record as Record<string, unknown>);
  return records;
}

const rejectedOf = (path: string) =>
  readFileSync(`${path}.rejected.jsonl`, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** What a file of rows becomes. */
async function converted(name: string, content: unknown, ...settings: string[]) {
  const folder = folderOf({ [name]: content });
  const output = join(folder, "out.jsonl");
  const ran = await run(join(folder, name), output, ...settings);
  return { ...ran, folder, output, records: existsSync(output) ? await recordsOf(output) : [] };
}

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
    expect(errors).toContain("q.csv, line 2: holds bytes that are no UTF-8: say encoding=latin1");
    await run(join(folder, "q.csv"), output, "encoding=latin1");
    expect(await recordsOf(output)).toMatchObject([{ problem: "Où?", solution: "<answer>là</answer>" }]);
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
