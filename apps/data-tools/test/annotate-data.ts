/** Records with media that are there, and servers that answer them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChatRequest } from "@videor1/served-model";
import { type ServerDouble, type ServerDoubleOptions, startServerDouble } from "@videor1/served-model/double";
import { afterAll, afterEach } from "vitest";

export const folder = mkdtempSync(join(tmpdir(), "annotate-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

export const mediaRoot = join(import.meta.dirname, "../../../packages/data/test/golden");

const letters = ["A", "B", "C", "D"];

/** A question about a picture. */
export const recordOf = (id: number | string, fields: object = {}): Record<string, unknown> => ({
  problem_id: id,
  problem: `What is in picture ${id}?`,
  data_type: "image",
  problem_type: "multiple choice",
  options: letters.map((letter) => `${letter}. thing ${letter}`),
  solution: `<answer>${letters[Number(id) % 4] ?? "A"}</answer>`,
  path: "./images/rgb_20x20.png",
  data_source: "test",
  ...fields,
});

export const videoOf = (id: number, fields: object = {}): Record<string, unknown> =>
  recordOf(id, { data_type: "video", path: "./video/h264-bt709.mp4", ...fields });

export const writeRecords = (name: string, records: readonly object[]): string => {
  const path = join(folder, name);
  writeFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  return path;
};

export const linesOf = <Line = Record<string, unknown>>(path: string): Line[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

/** What the double's model says: a thought and a letter that its seed draws, the same in whichever request a sample comes. */
export const answer = (request: ChatRequest, index: number): string => {
  const seed = Number(request.seed) + index;
  const letter = letters[seed % 4]!;
  return seed % 7 === 0
    ? `<answer>${letter}</answer>`
    : `<think>Hmm, sample ${seed}. It is thing ${letter}.</think>\n<answer>${letter}</answer>`;
};

const started: ServerDouble[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((double) => double.stop()));
});

export async function startDouble(options: ServerDoubleOptions = {}): Promise<ServerDouble> {
  const double = await startServerDouble({ answer, ...options });
  started.push(double);
  return double;
}

export const settings = (records: string, output: string, double: ServerDouble | ServerDouble[]): string[] => [
  records,
  `output=${output}`,
  "model=double",
  `mediaRoot=${mediaRoot}`,
  `server=${[double]
    .flat()
    .map(({ url }) => url)
    .join(",")}`,
  ...smallFrames,
];

/** Frames that cost little. */
export const smallFrames = ["media.nframes=4", "media.videoMinPixels=3136", "media.videoMaxPixels=6272"];
