import { expect, test } from "vitest";
import { makeRecord } from "./make-record.ts";
import type { Row } from "./mapping.ts";

const options = { locate: (path: string) => path, numbers: "auto", number: () => 7 } as const;
const base = { problem: "What?", solution: "a cat", video: "a.mp4" };
const recordOf = (values: Row, rest: Row = {}) => makeRecord(values, rest, options).record;

test.each<[string, Row, Row]>([
  ["no id", {}, { problem_id: 7 }],
  ["an integer as text", { problem_id: "12" }, { problem_id: 12 }],
  ["a text that only looks like one", { problem_id: "012" }, { problem_id: "012" }],
  ["an id that no number holds", { problem_id: "9007199254740993" }, { problem_id: "9007199254740993" }],
  ["a broken number", { problem_id: 1.5 }, { problem_id: "1.5" }],
  [
    "tags in the answer",
    { solution: "<answer> 3 </answer>" },
    { solution: "<answer> 3 </answer>", problem_type: "numerical" },
  ],
  [
    "thinking in the answer",
    { solution: "<think>so</think> red" },
    { solution: "<answer>red</answer>", process: "<think>so</think>" },
  ],
  ["thinking beside", { process: "so" }, { process: "<think>so</think>" }],
  ["one answer in a list", { solution: ["red"] }, { solution: "<answer>red</answer>" }],
  ["a number", { solution: -2.5 }, { solution: "<answer>-2.5</answer>", problem_type: "numerical" }],
  ["a decimal comma is no number", { solution: "2,5" }, { problem_type: "free-form" }],
  ["another spelling of the type", { problem_type: "Open-Ended", solution: "3" }, { problem_type: "free-form" }],
  ["a type that is a task", { problem_type: "counting", solution: "3" }, { problem_type: "numerical" }],
  ["a tag of the one video", { problem: "<video>\nWhat?" }, { problem: "What?" }],
  ["LLaVA's tag of a video", { problem: "<image>\nWhat?" }, { problem: "What?" }],
  [
    "options in the question",
    { problem: "Which?\nA. a dog\nB. a cat\nAnswer with the option's letter." },
    { problem: "Which?", options: ["A. a dog", "B. a cat"], solution: "<answer>B</answer>" },
  ],
  [
    "lines of letters that do not hold the answer",
    { problem: "Which?\nA. x\nB. y" },
    { problem: "Which?\nA. x\nB. y", options: [] },
  ],
  ["text behind the options", { problem: "Which?\nA. a cat\nB. y\nand why" }, { problem_type: "free-form" }],
  ["a tag inside the text", { problem: "Is <video> it?" }, { problem: "Is <video> it?" }],
  ["an image", { video: undefined, image: "a.png" }, { data_type: "image", path: "a.png" }],
  [
    "several images",
    { video: undefined, image: ["a.png", "b.png"] },
    { data_type: "image", images: ["a.png", "b.png"] },
  ],
  ["a list in a cell", { video: '["a.mp4", "b.mp4"]' }, { videos: ["a.mp4", "b.mp4"] }],
  ["frames", { video: ["1.jpg", "2.jpg"] }, { path: ["1.jpg", "2.jpg"], data_type: "video" }],
  ["a part", { video_start: "1:02.5", video_end: 63 }, { video_start: 62.5, video_end: 63 }],
])("%s", (_, values, expected) => {
  expect(recordOf({ ...base, ...values })).toMatchObject(expected);
});

test.each<[string, Row, string]>([
  ["no question", { problem: " " }, "has no question"],
  ["no answer", { solution: null }, "has no answer"],
  ["an id beyond 2^53", { problem_id: 2 ** 53 }, "the id is a number beyond 2^53"],
  ["an answer beyond 2^53", { solution: -(2 ** 53) }, "the answer is a number beyond 2^53"],
  ["several answers", { solution: ["a", "b"] }, "there are 2 answers"],
  ["thinking alone", { solution: "<think>so</think>" }, "no answer behind its thinking"],
  ["no media", { video: "" }, "names no video and no image"],
  ["media that are none", { video: { at: "a.mp4" } }, "is no path of a video"],
  ["a kind that is not known", { video: null, path: "a" }, "say dataType=video or dataType=image"],
  ["a choice without options", { problem_type: "mc" }, "has no options"],
  ["a time that is none", { video_end: "soon" }, 'video_end: "soon" is no number'],
  ["an id that is a list", { problem_id: [1] }, "the id is no number and no text"],
])("%s is a fault", (_, values, message) => {
  expect(() => recordOf({ ...base, ...values })).toThrow(message);
});

test("other columns are kept; what would mean something in a record has another name", () => {
  const rest = { level: 3, fps: 29.97, path: "x", none: null, blank: "" };
  expect(recordOf(base, rest)).toEqual({
    problem_id: 7,
    problem: "What?",
    data_type: "video",
    problem_type: "free-form",
    options: [],
    solution: "<answer>a cat</answer>",
    path: "a.mp4",
    level: 3,
    source_fps: 29.97,
    source_path: "x",
  });
});

test("what was done unasked is said", () => {
  const { notes } = makeRecord({ ...base, options: ["a cat", "a dog"] }, {}, options);
  expect(notes).toEqual(["type inferred: multiple choice", "letters put before options", "ids numbered"]);
});
