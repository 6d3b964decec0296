import { expect, test } from "vitest";
import { mappingOfColumns } from "./known-columns.ts";

test.each<[string[], Record<string, unknown>]>([
  [
    ["video", "question", "options", "answer"],
    { video: "video", problem: "question", options: "options", solution: "answer" },
  ],
  [
    ["Video Path", "Question", "Option A", "Option B", "Correct Answer"],
    { video: "Video Path", problem: "Question", options: ["Option A", "Option B"], solution: "Correct Answer" },
  ],
  [
    ["qid", "video_id", "question", "a0", "a1", "a2", "answer", "nframes", "frames"],
    {
      problem_id: "qid",
      video: "video_id",
      problem: "question",
      options: ["a0", "a1", "a2"],
      solution: "answer",
      nframes: "nframes",
    },
  ],
  [
    ["image", "problem", "solution", "path"], // the path of another thing, perhaps
    { image: "image", problem: "problem", solution: "solution" },
  ],
  [["id", "question_id", "A"], { problem_id: "question_id" }],
])("%j", (columns, fields) => {
  expect(mappingOfColumns(columns)).toEqual({ fields });
});
