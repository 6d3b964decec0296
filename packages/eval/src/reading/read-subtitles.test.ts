import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder, writeFiles } from "../../test/benchmark-folder.ts";
import { everyBenchmark } from "../../test/golden.ts";
import { itemsOf } from "../items-of.ts";
import { readSubtitles } from "./read-subtitles.ts";

const [item] = itemsOf("longvideobench", everyBenchmark.find(([name]) => name === "longvideobench")![1].files);

async function subtitlesIn(name: string, content: unknown) {
  const folder = writeFiles(temporaryFolder(), { [name]: content });
  return await readSubtitles(folder, { ...item!, subtitles: name });
}

test(".srt: sections of a number, two times and words", async () => {
  const srt =
    '\ufeff1\r\n00:00:01,500 --> 00:01:02,000\r\n<font color="white" size=".72c">the kettle</font>\r\n\r\n2\r\n01:00:00,000 --> 01:00:01,000\r\nboils\r\nover\r\n\r\n\r\n';
  expect(await subtitlesIn("subtitle/a.srt", srt)).toEqual([
    { start: 1.5, end: 62, text: '<font color="white" size=".72c">the kettle</font>' },
    { start: 3600, end: 3601, text: "boils over" },
  ]);
});

test("JSON: both forms, and an end that is missing", async () => {
  const content = [
    { timestamp: [1, null], text: "a" },
    { start: "00:01:00.5", end: "0:1:2", line: "b" },
  ];
  expect(await subtitlesIn("subtitles/a.json", content)).toEqual([
    { start: 1, end: undefined, text: "a" },
    { start: 60.5, end: 62, text: "b" },
  ]);
});

test("an item without a file has none", async () => {
  expect(await readSubtitles("nowhere", item!)).toBeNull();
});

test.each([
  ["a.srt", "1\n00:00:01,500 -> 3\nwords", '"00:00:01,500 -> 3" is no time'],
  ["a.json", [{ at: 3 }], '{"at":3} is no subtitle'],
])("%s: what is wrong", async (name, content, message) => {
  await expect(subtitlesIn(name, content)).rejects.toThrow(`Subtitles ${name}: ${message}`);
});

test("no file outside of the folder is read", async () => {
  const outer = writeFiles(temporaryFolder(), { "secret.srt": "1\n00:00:01,0 --> 00:00:02,0\nsecret" });
  const asked = readSubtitles(join(outer, "data"), { ...item!, subtitles: "../secret.srt" });
  await expect(asked).rejects.toThrow("leads out of the folder");
});
