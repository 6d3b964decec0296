import { expect, test } from "vitest";
import { checkHeldBack, LeakError } from "./held-back.ts";
import type { Example } from "./schema.ts";

const example = (problemId: number | string, path: string): Example => ({
  problemId,
  path,
  problem: "?",
  problemType: "free-form",
  dataType: "video",
  options: [],
  solution: "<answer>a</answer>",
  dataSource: "",
});
const training = [example(1, "./a/1.mp4"), example(2, "a/2.mp4")];

test("a split of its own passes", () => {
  expect(() => checkHeldBack([example(3, "a/3.mp4"), example(4, "b/1.mp4")], training)).not.toThrow();
});

test.each([
  ["a problem id", example(2, "a/9.mp4"), "problem_id 2 (a/9.mp4)"],
  ["a media file, however its path is written", example(9, "a/b/../1.mp4"), "problem_id 9 (a/b/../1.mp4)"],
  ["a folder of frames with a slash at its end", example(9, "a/1.mp4/"), "problem_id 9 (a/1.mp4/)"],
])("%s in both is a leak", (_, leak, named) => {
  const check = () => checkHeldBack([example(3, "a/3.mp4"), leak], training);
  expect(check).toThrow(LeakError);
  expect(check).toThrow(`1 of 2 validation records are among those of training: ${named}`);
  expect(check).toThrow(
    expect.objectContaining({ code: "VALIDATION_LEAK", shared: [{ problemId: leak.problemId, path: leak.path }] }),
  );
});

test("ids that are equal as texts are the same", () => {
  expect(() => checkHeldBack([example("2", "x.mp4")], training)).toThrow("problem_id 2 (x.mp4)");
  expect(() => checkHeldBack([example("02", "x.mp4")], training)).not.toThrow();
});

test("a frame of a list in both is a leak", () => {
  const listed = (problemId: number, path: string[]): Example => {
    return { ...example(problemId, path[0]!), media: [{ kind: "video", path }] };
  };
  expect(() => checkHeldBack([listed(3, ["f/1.jpg", "f/2.jpg"])], [listed(4, ["f/0.jpg", "./f/2.jpg"])])).toThrow(
    LeakError,
  );
  expect(() => checkHeldBack([listed(3, ["f/1.jpg", "f/2.jpg"])], [listed(4, ["f/0.jpg"])])).not.toThrow();
});

test("the first three are named, the others counted", () => {
  const all = Array.from({ length: 5 }, () => example(1, "x"));
  expect(() => checkHeldBack(all, training)).toThrow(/5 of 5 .*problem_id 1 \(x\), and 2 more$/);
});
