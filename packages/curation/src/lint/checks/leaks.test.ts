import { expect, test } from "vitest";
import { choice, type Fields, open, read } from "../../../test/made-records.ts";
import { checks } from "../checks.ts";
import { createLinter } from "../linter.ts";
import { createOthers, type Other, telltaleName } from "../others.ts";

const split: Other = { name: "val.json", kind: "split" };
const benchmark: Other = { name: "mvbench", kind: "benchmark" };

function codesOf(record: Fields, theirs: Fields, other: Other) {
  const others = createOthers();
  others.add(other, read(theirs));
  const leaks = checks.filter(({ code }) => code.startsWith("LEAK"));
  const linter = createLinter(leaks, { rules: "video-r1", longText: 8000, seed: 0, most: 10, others });
  linter.add(read(record));
  return linter.finish().map(({ code, records: [first] }) => `${code} ${first!.note}`);
}

const clip = "clips/ytb_7nRmsEw7nsE.mp4";
const other = { problem_id: 2, problem: "Where does the second cat go after that?", path: "other.mp4" };

test.each<[theirs: Fields, other: Other, codes: string[], reason: string]>([
  [choice(other), split, [], "nothing in common"],
  [choice({ ...other, problem_id: "1" }), split, ["LEAK_ID as in val.json"], "the id of a split"],
  [choice({ ...other, problem_id: 1 }), benchmark, [], "the id of a benchmark"],
  [
    choice({ ...other, path: `x/..//${clip}` }),
    split,
    [`LEAK_MEDIA ${clip}, as in val.json`],
    "another question on the clip",
  ],
  [
    choice({ ...other, path: `x/${clip}` }),
    split,
    [`LEAK_FILE_NAME ${clip}, as in val.json`],
    "the file in another folder",
  ],
  [choice({ ...other, path: clip }), benchmark, [`LEAK_FILE_NAME ${clip}, as in mvbench`], "the file of a benchmark"],
  [
    choice({ ...other, path: "ytb_7nRmsEw7nsE.webm" }),
    benchmark,
    [`LEAK_FILE_NAME ${clip}, as in mvbench`],
    "its other format",
  ],
  [
    choice({ problem_id: 2, path: "other.mp4" }),
    benchmark,
    ["LEAK_QUESTION as in mvbench"],
    "the question with its options",
  ],
  [
    choice({ problem_id: 2, path: "other.mp4", solution: "<answer>A</answer>" }),
    benchmark,
    [],
    "the question, another gold",
  ],
])("%#: %s", (theirs, from, codes) => {
  expect(codesOf(choice({ path: `./${clip}` }), theirs, from)).toEqual(codes);
});

test("a short question is nobody's own", () => {
  expect(codesOf(open("OCR", "a"), open("OCR", "a", { problem_id: 2, path: "b.mp4" }), benchmark)).toEqual([]);
});

test.each([
  ["a/7nRmsEw7nsE.mp4", "7nRmsEw7nsE"],
  ["v_8AMvAT9Eu3A.mp4", "v_8AMvAT9Eu3A"],
  ["0001234567.mp4", undefined],
  ["video_00012.mp4", undefined],
  ["clip.mp4", undefined],
])("the name of %s: %s", (path, name) => {
  expect(telltaleName(path)).toBe(name);
});
