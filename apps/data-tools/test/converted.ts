import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRecords } from "@videor1/data";
import { afterAll, vi } from "vitest";
import { command } from "../src/convert/command.ts";

const root = mkdtempSync(join(tmpdir(), "convert-"));
afterAll(() => rmSync(root, { recursive: true }));
let made = 0;

/** A folder with these files; a value that is no text is written as JSON. */
export function folderOf(files: Readonly<Record<string, unknown>>): string {
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
export async function run(...argv: string[]) {
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

export async function recordsOf(path: string): Promise<Record<string, unknown>[]> {
  const records: Record<string, unknown>[] = [];
  for await (const { record } of readRecords(path)) records.push(record as Record<string, unknown>);
  return records;
}

export const rejectedOf = (path: string) =>
  readFileSync(`${path}.rejected.jsonl`, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** What a file of rows becomes. */
export async function converted(name: string, content: unknown, ...settings: string[]) {
  const folder = folderOf({ [name]: content });
  const output = join(folder, "out.jsonl");
  const ran = await run(join(folder, name), output, ...settings);
  return { ...ran, folder, output, records: existsSync(output) ? await recordsOf(output) : [] };
}

/** Records with all that they can hold. */
export const ours = [
  {
    problem_id: 1,
    problem: "What?",
    data_type: "video",
    problem_type: "free-form",
    options: [],
    solution: "<answer>a cat</answer>",
    path: "./a.mp4",
    video_start: 1.5,
    unknown: { a: [1, null] },
  },
  {
    problem_id: "b",
    problem: "Which?",
    data_type: "image",
    problem_type: "multiple choice",
    options: ["A. é", "B. ü"],
    process: "<think>x</think>",
    solution: "<answer>B</answer>",
    path: "b.png",
  },
  {
    problem_id: 3,
    problem: "Is <image> in <video> or <video>?",
    problem_type: "numerical",
    solution: "<answer>1</answer>",
    images: ["a.png"],
    videos: ["v.mp4", { video: "w.mp4", video_end: 10 }],
    nframes: 4,
  },
  {
    problem_id: 4,
    problem: "Then?",
    data_type: "video",
    problem_type: "OCR",
    solution: "<answer>x</answer>",
    path: ["1.jpg", "2.jpg"],
    sample_fps: 3,
    videor1_like: "kept",
  },
];
