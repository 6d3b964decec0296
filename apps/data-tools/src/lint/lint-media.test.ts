import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeVideo } from "@videor1/data";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LintKeys } from "./lint-keys.ts";
import { runLint } from "./run-lint.ts";

const folder = mkdtempSync(join(tmpdir(), "lint-media-"));
const root = join(folder, "media");
afterAll(() => rmSync(folder, { recursive: true }));

/** A film of squares on a ground that differ from film to film and move with time, at any size. */
function film(seed: number, width: number, height: number, frames: number): Uint8Array {
  const rgb = new Uint8Array(width * height * 3 * frames);
  for (let f = 0; f < frames; f++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const shift = Math.floor((f / frames) * 3);
        const box = Math.floor((x * 6) / width) + shift + 8 * Math.floor((y * 6) / height);
        const isBright = ((box * 2654435761 + seed * 40503) >>> 7) % 3 === 0;
        rgb.fill(isBright ? 200 : 50, ((f * height + y) * width + x) * 3, ((f * height + y) * width + x) * 3 + 3);
      }
  return rgb;
}

beforeAll(async () => {
  mkdirSync(join(root, "sub"), { recursive: true });
  await encodeVideo(join(root, "a.mp4"), film(1, 96, 72, 24), { width: 96, height: 72, fps: 8 });
  await encodeVideo(join(root, "again.mp4"), film(1, 48, 36, 36), { width: 48, height: 36, fps: 12, crf: 34 });
  await encodeVideo(join(root, "b.mp4"), film(2, 96, 72, 24), { width: 96, height: 72, fps: 8 });
  await encodeVideo(join(root, "short.mp4"), film(3, 96, 72, 4), { width: 96, height: 72, fps: 8 });
  copyFileSync(join(root, "a.mp4"), join(root, "sub/copy.mp4"));
  writeFileSync(join(root, "broken.mp4"), readFileSync(join(root, "b.mp4")).subarray(0, 900));
  writeFileSync(join(folder, "secret.mp4"), readFileSync(join(root, "b.mp4")));
  symlinkSync(join(folder, "secret.mp4"), join(root, "link.mp4"));
});

function write(name: string, paths: readonly string[]): string {
  const records = paths.map((path, i) => ({
    problem_id: `${name} ${i}`,
    problem: `Which color comes first in ${name} ${i}?`,
    data_type: "video",
    problem_type: "multiple choice",
    options: ["A. red", "B. green"],
    solution: `<answer>${"AB"[i % 2]}</answer>`,
    path,
    data_source: "made",
  }));
  writeFileSync(join(folder, name), JSON.stringify(records));
  return join(folder, name);
}

const run = async (settings: object) => {
  const printed: string[] = [];
  const config = LintKeys.parse({ media: true, mediaRoot: root, nframes: 8, ...settings });
  const result = await runLint(config, { signal: new AbortController().signal, print: (line) => printed.push(line) });
  const notes = result.findings.map(({ code, records }) => [code, ...records.map(({ note }) => note)]);
  return { ...result, notes, printed };
};

test("copies, other encodings, short, broken and missing media, and those outside of the root", async () => {
  const paths = ["a.mp4", "sub/copy.mp4", "again.mp4", "b.mp4", "short.mp4", "broken.mp4", "none.mp4", "link.mp4"];
  const { notes, media } = await run({ records: write("a.json", paths) });
  expect(notes.map(([code]) => code)).toEqual([
    "MEDIA_MISSING",
    "MEDIA_UNREADABLE",
    "MEDIA_SHORT",
    "MEDIA_COPY",
    "MEDIA_ALIKE",
  ]);
  expect(notes[0]!.slice(1)).toEqual([
    expect.stringContaining("no file at"),
    expect.stringContaining("a link leads out of the media root"),
  ]);
  expect(notes.slice(2).map(([, note]) => note)).toEqual([
    "short.mp4: 4 frames, asked for 8",
    "sub/copy.mp4 is a.mp4",
    "again.mp4 looks as a.mp4",
  ]);
  expect(media).toMatchObject({ own: 8, others: 0, read: 5 });
});

test("leaks into another split, by path, bytes and pixels", async () => {
  const val = write("val.json", ["a.mp4", "b.mp4"]);
  const { notes } = await run({ records: write("b.json", ["b.mp4", "sub/copy.mp4", "again.mp4"]), against: val });
  expect(notes).toEqual([
    ["LEAK_MEDIA", `b.mp4, as in ${val}`],
    ["MEDIA_ALIKE", "again.mp4 looks as sub/copy.mp4"],
    ["LEAK_CONTENT", `b.mp4 is b.mp4 of ${val}`, `sub/copy.mp4 is a.mp4 of ${val}`],
    ["LEAK_PIXELS", `again.mp4 looks as a.mp4 of ${val}`],
  ]);
});

test("what was read is kept, and read again where the file changed", async () => {
  const mediaCache = join(folder, "cache.jsonl");
  const records = write("c.json", ["a.mp4", "b.mp4"]);
  const first = await run({ records, mediaCache });
  const bytes = statSync(mediaCache).size;
  expect(await run({ records, mediaCache })).toMatchObject({ notes: first.notes, media: { read: 2 } });
  expect(statSync(mediaCache).size).toBe(bytes);
  copyFileSync(join(root, "a.mp4"), join(root, "b.mp4"));
  expect((await run({ records, mediaCache })).notes).toEqual([["MEDIA_COPY", "b.mp4 is a.mp4"]]);
});

/** A question as MMVU publishes it. */
const mmvu = (n: number, changes: object = {}) => ({
  id: `validation_${n}`,
  video: `https://huggingface.co/datasets/yale-nlp/MMVU/resolve/main/videos/Art/${n}.mp4`,
  question_type: "multiple-choice",
  metadata: { subject: "Art" },
  question: `Which method does the sculptor of piece ${n} use in the video?`,
  choices: { A: "carving", B: "casting", C: "welding", D: "moulding", E: "weaving" },
  answer: "B",
  ...changes,
});

test("leaks into a benchmark, from its official file", async () => {
  const benchmarks = join(folder, "benchmarks");
  mkdirSync(join(benchmarks, "MMVU", "videos", "Art"), { recursive: true });
  writeFileSync(join(benchmarks, "MMVU", "validation.json"), JSON.stringify([mmvu(1), mmvu(2)]));
  copyFileSync(join(root, "a.mp4"), join(benchmarks, "MMVU", "videos", "Art", "1.mp4"));
  const file = join(folder, "d.json");
  const [, record] = JSON.parse(readFileSync(write("d.json", ["short.mp4", "again.mp4"]), "utf8"));
  const options = ["A. weaving", "B. carving", "C. casting", "D. moulding", "E. welding"];
  const asked = { ...record, problem: mmvu(2).question, options, solution: "<answer>C</answer>" };
  writeFileSync(file, JSON.stringify([{ ...asked, problem_id: 0, path: "short.mp4" }, record]));
  const { notes, against, printed } = await run({ records: file, benchmarks, nframes: 4 });
  expect(notes).toEqual([
    ["LEAK_QUESTION", "as in mmvu"],
    ["LEAK_PIXELS", "again.mp4 looks as videos/Art/1.mp4 of mmvu"],
  ]);
  expect(against).toEqual(["mmvu"]);
  expect(printed).toEqual([expect.stringMatching(/^mmvu: 2 questions, from .*validation\.json$/)]);
});

test("a folder without any benchmark is refused", async () => {
  const records = write("e.json", ["a.mp4"]);
  await expect(run({ records, benchmarks: root })).rejects.toThrow(`${root} holds the official files of no benchmark`);
  await expect(run({ records, benchmarks: join(root, "gone") })).rejects.toThrow("is not there");
});
