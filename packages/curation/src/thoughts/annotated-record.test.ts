import { parseRecord } from "@videor1/data";
import { expect, test } from "vitest";
import { annotatedRecord } from "./annotated-record.ts";
import { readThought } from "./read-thought.ts";
import { trainingRecord } from "./training-record.ts";

const place = { file: "test.json", index: 0 };
const recordOf = (more: object = {}) => {
  const fields = {
    problem_id: 3,
    problem: "What does it say?",
    data_type: "video",
    problem_type: "OCR",
    solution: "<answer>the red door</answer>",
    path: "a.mp4",
    own: 1,
    ...more,
  };
  return { fields, example: parseRecord(fields, place), place };
};
const options = { rules: "video-r1" } as const;

test("a sample leaves its thoughts, its answer and what the rules give for it", () => {
  const output = "<think> I read red door. </think>\n<answer> the red doors </answer>";
  const record = annotatedRecord(
    recordOf({ process: "<think>old</think>" }),
    { output, finishReason: "stop" },
    options,
  );
  expect(record).toEqual({
    ...recordOf().fields,
    process: "<think>I read red door.</think>",
    answer: "the red doors",
    reward: expect.closeTo(2 / 3),
    select: true,
    output,
    finish_reason: "stop",
  });
});

test.each([
  [
    "without thinking an earlier process does not stay",
    "<answer>the red door</answer>",
    undefined,
    "the red door",
    true,
  ],
  ["blank thinking is none", "<think> \n</think><answer>the red door</answer>", undefined, "the red door", true],
  ["cut off", "<think>I read", undefined, "", false],
  [
    "exactly .6 is not above it",
    "<think>a</think><answer>the red door and a cat</answer>",
    "<think>a</think>",
    "the red door and a cat",
    false,
  ],
])("%s", (_, output, process, answer, select) => {
  const record = annotatedRecord(recordOf({ process: "<think>old</think>" }), { output }, options);
  expect([record.process, record.answer, record.select]).toEqual([process, answer, select]);
});

test("training reads the thoughts and the solution, and no helper fields", () => {
  const output = "<think>I read it.</think>\n<answer>the red doors</answer>";
  const annotated = annotatedRecord(recordOf(), { output, finishReason: "stop", completionTokens: 9 }, options);
  const record = { fields: annotated, example: parseRecord(annotated, place), place };
  const thought = readThought(record, options);
  expect(thought).toMatchObject({
    completion: output,
    thinking: "I read it.",
    answer: "the red doors",
    isCutOff: false,
  });
  expect(thought.reward).toBe(annotated.reward);
  const kept = { ...recordOf().fields, process: "<think>I read it.</think>" };
  expect(trainingRecord(record, thought, { solution: "gold", helpers: "drop" })).toEqual(kept);
  expect(trainingRecord(record, thought, { solution: "answer", helpers: "drop" }).solution).toBe(
    "<answer>the red doors</answer>",
  );
  expect(trainingRecord(record, thought, { solution: "gold", helpers: "keep" })).toEqual(annotated);
});

test.each([
  ["the original's annotation", { process: "<think>x</think>", answer: "the red", reward: 0.1 }, 2 / 3, "the red"],
  ["its own reward alone", { process: "<think>x</think>", reward: 0.5 }, 0.5, "the red door"],
  ["a training record", { process: "<think>x</think>" }, undefined, "the red door"],
])("the reward of %s", (_, more, reward, answer) => {
  const thought = readThought(recordOf(more), options);
  expect(thought.thinking).toBe("x");
  expect(thought.answer).toBe(answer);
  if (reward === undefined) expect(thought.reward).toBeUndefined();
  else expect(thought.reward).toBeCloseTo(reward);
});
