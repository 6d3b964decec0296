import { describe, expect, test } from "vitest";
import { RecordError } from "./errors.ts";
import { mediaOf, parseRecord } from "./schema.ts";

const place = { file: "data.json", index: 7 };

const record = {
  problem_id: 2,
  problem: "What appears on the screen?",
  data_type: "video",
  problem_type: "multiple choice",
  options: ["A. A warning", "B. A map"],
  solution: "<answer>A</answer>",
  path: "./CLEVRER/video_1.mp4",
  data_source: "CLEVRER",
};

function fault(change: object): RecordError {
  try {
    parseRecord({ ...record, ...change }, place);
  } catch (error) {
    if (error instanceof RecordError) return error;
  }
  throw new Error("expected a RecordError");
}

test("a record becomes an example; unknown fields are dropped", () => {
  expect(parseRecord({ ...record, reward: 1, select: true, answer: "A", process: "<think>x</think>" }, place)).toEqual({
    problemId: 2,
    problem: "What appears on the screen?",
    dataType: "video",
    problemType: "multiple choice",
    options: ["A. A warning", "B. A map"],
    process: "<think>x</think>",
    solution: "<answer>A</answer>",
    path: "./CLEVRER/video_1.mp4",
    dataSource: "CLEVRER",
  });
});

test("what a record asks of its media", () => {
  const asked = {
    video_start: 1.5,
    video_end: null,
    max_frames: 8,
    min_pixels: 3136,
    resized_height: 56,
    resized_width: 84,
  };
  const media = [
    {
      kind: "video",
      path: record.path,
      videoStart: 1.5,
      maxFrames: 8,
      minPixels: 3136,
      resizedHeight: 56,
      resizedWidth: 84,
    },
  ];
  expect(parseRecord({ ...record, ...asked }, place).media).toEqual(media);
  const image = parseRecord({ ...record, ...asked, data_type: "image" }, place).media;
  expect(image).toEqual([{ kind: "image", path: record.path, minPixels: 3136, resizedHeight: 56, resizedWidth: 84 }]);
  expect(mediaOf(parseRecord(record, place))).toEqual([{ kind: "video", path: record.path }]);
});

test("an id may be a text", () => {
  expect(parseRecord({ ...record, problem_id: "CLEVRER/7-b" }, place).problemId).toBe("CLEVRER/7-b");
  expect(parseRecord({ ...record, problem_id: "7" }, place).problemId).toBe("7");
  expect(fault({ problem_id: "v-3", path: "" }).message).toContain("(problem_id v-3)");
});

test("a list of frames", () => {
  const { path, media } = parseRecord({ ...record, path: ["a/1.jpg", "a/2.jpg"], sample_fps: 4, raw_fps: 25 }, place);
  expect(path).toBe("a/1.jpg");
  expect(media).toEqual([{ kind: "video", path: ["a/1.jpg", "a/2.jpg"], sampleFps: 4 }]);
});

test("missing, null and empty fields of evaluation files", () => {
  const bare = {
    ...record,
    problem_type: "numerical",
    options: null,
    process: "",
    data_source: undefined,
    solution: "<answer>3</answer>",
  };
  const example = parseRecord({ ...bare, original_question_type: "object_counting" }, place);
  expect(example).toMatchObject({ options: [], dataSource: "", originalQuestionType: "object_counting" });
  expect("process" in example).toBe(false);
  const { options: _, ...withoutOptions } = record;
  expect(parseRecord({ ...withoutOptions, problem_type: "OCR" }, place).options).toEqual([]);
});

describe("a broken record names file, place, id, field", () => {
  test.each([
    ["spelling of the type", { problem_type: "multiple-choice" }, "problem_type"],
    ["case of the type", { problem_type: "ocr" }, "problem_type"],
    ["multiple choice without options", { options: [] }, "options: a multiple choice record needs"],
    ["multiple choice with null options", { options: null }, "options"],
    ["an id that is no integer", { problem_id: 1.5 }, "problem_id"],
    ["an empty id", { problem_id: "" }, "problem_id: must be an integer or a text that is not empty"],
    ["no path", { path: "" }, "path"],
    ["a kind of media that does not exist", { data_type: "audio" }, "data_type"],
    ["a solution without answer tags", { solution: "A" }, "solution: must contain <answer>"],
    ["a blank solution", { solution: "<answer> \n</answer>" }, "solution: holds no answer"],
    ["a letter of no option", { solution: "<answer>E</answer>" }, 'solution: chooses "E"'],
    ["an option's text", { solution: "<answer>A map</answer>" }, "write one of A, B"],
    ["two equal options", { options: ["A. x", "B. x"] }, "option B has the same text"],
    [
      "a number with a unit",
      { problem_type: "numerical", solution: "<answer>3 m</answer>" },
      "solution: is not a number",
    ],
    ["frames by rate and by count", { fps: 1, nframes: 8 }, "nframes: a video takes fps or nframes, not both"],
    ["a choice among listed frames", { path: ["a.jpg"], nframes: 2 }, "nframes: a list of frames is taken whole"],
    ["an empty list of frames", { path: [] }, "path: "],
    ["an end before the start", { video_start: 3, video_end: 2 }, "video_end: 2 s is not after the start, 3 s"],
    ["one side of a size", { resized_height: 56 }, "resized_width: missing beside resized_height"],
    ["limits that leave nothing", { min_pixels: 9, max_pixels: 8 }, "max_pixels: 8 is below min_pixels 9"],
    ["a time that is no number", { video_start: "00:03" }, "video_start: Invalid input: expected number"],
    ["no problem", { problem: undefined }, "problem"],
  ])("%s", (_, change, words) => {
    const error = fault(change);
    expect(error.message).toContain("data.json, record 7");
    expect(error.message).toContain(words);
    expect(error.code).toBe("RECORD_INVALID");
  });

  test("the id and all issues are fields", () => {
    const error = fault({ data_type: "audio", path: "" });
    expect(error.problemId).toBe(2);
    expect(error.issues).toHaveLength(2);
    expect(error.message).toContain("(problem_id 2)");
    expect(error.hint).toContain("onInvalid");
  });

  test("a JSON Lines record is named by its line", () => {
    expect(() => parseRecord("text", { file: "data.jsonl", index: 0, line: 3 })).toThrow("data.jsonl, line 3: ");
  });
});

test("a free-form solution in another script is for the safe rules, which read it", () => {
  const foreign = { ...record, problem_type: "free-form", options: [], solution: "<answer>一只狗</answer>" };
  expect(() => parseRecord(foreign, place)).toThrow("has no word of a-z and 0-9, all that video-r1 reads");
  expect(parseRecord(foreign, place, "safe").solution).toBe("<answer>一只狗</answer>");
});
