import { expect, test } from "vitest";
import { interleave } from "./interleave.ts";
import { pythonList } from "./python-list.ts";
import { plainText, subtitleOfEachFrame, subtitlesOfFrames, taggedText } from "./subtitles.ts";

const line = (start: number, end: number | undefined, text: string) => ({ start, end, text });
const lines = [
  line(0, 2, '<font color="white" size=".72c">one</font>'),
  line(2, 4, "two"),
  line(4, undefined, "three"),
];

test("each subtitle of the frames is shown once: the start is inside, the end is not", () => {
  expect(subtitlesOfFrames(lines, [2, 3]).map(plainText)).toEqual(["two"]);
  expect(subtitlesOfFrames(lines, [0, 9]).map(plainText)).toEqual(["one", "three"]);
});

test("lmms-eval shows those in a font tag alone", () => {
  expect(subtitlesOfFrames(lines, [0, 9]).flatMap(taggedText)).toEqual(["one"]);
});

test("VLMEvalKit shows the subtitle of every frame, neither end inside", () => {
  expect(subtitleOfEachFrame(lines, [2, 2.5, 3, 9])).toEqual(["two", "two", "three"]);
});

test("a subtitle stands behind the frames up to its middle, if it holds a frame", () => {
  const options = { offset: 10, duration: 20 };
  expect(interleave([0, 1, 2], [line(10.5, 11.9, "a"), line(12.2, 12.4, "b")], options)).toEqual([0, 1, "a", 2, "b"]);
  expect(interleave([0, 1, 2], [line(12.7, 12.9, "too late")], options)).toEqual([0, 1, 2]);
  expect(interleave([0, 9], [line(18, undefined, "to the end")], options)).toEqual([0, 1, "to the end"]);
});

test("lists as Python prints them", () => {
  expect(pythonList(["A. it's", 'B. "so"', `C. it's "so"`, "D. a\\b\n"])).toBe(
    `["A. it's", 'B. "so"', 'C. it\\'s "so"', 'D. a\\\\b\\n']`,
  );
});
