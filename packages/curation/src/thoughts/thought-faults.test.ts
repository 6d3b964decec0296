import { parseRecord } from "@videor1/data";
import { expect, test } from "vitest";
import { readThought } from "./read-thought.ts";
import { type ThoughtLimits, thoughtFaultCodes, thoughtFaults } from "./thought-faults.ts";

const place = { file: "test.json", index: 0 };
const thinking = "Wait, the ball falls before the cup does. So the answer is B.";

function faultsOf(limits: ThoughtLimits, fields: object = {}, thought = thinking, answer = "<answer>B</answer>") {
  const record = {
    problem_id: 1,
    problem: "What falls first?",
    data_type: "video",
    problem_type: "multiple choice",
    options: ["A. cup", "B. ball"],
    solution: "<answer>B</answer>",
    path: "a.mp4",
    output: `<think>${thought}</think>\n${answer}`,
    ...fields,
  };
  const example = parseRecord(record, place);
  const read = readThought({ fields: record, example }, { rules: "video-r1" });
  return thoughtFaults(read, example, limits, (text) => text.match(/wait/gi)?.length ?? 0);
}
const codesOf = (...given: Parameters<typeof faultsOf>) => faultsOf(...given).map(({ code }) => code);

const strict: ThoughtLimits = {
  minReward: 0.6,
  requireEnd: true,
  requireThinking: true,
  requireFormat: true,
  minWords: 5,
  maxWords: 20,
  maxOtherScript: 0,
  maxRepeats: 0.1,
  maxLoops: 2,
  refuseLeaks: true,
  refuseContradictions: true,
  requireOrderTalk: true,
  requireReflection: true,
};

test("a good thought has no fault, and without limits none has", () => {
  expect(faultsOf(strict)).toEqual([]);
  expect(faultsOf({}, { finish_reason: "length" }, "", "no answer")).toEqual([]);
});

test.each([
  ["REWARD_UNKNOWN", { output: undefined, process: `<think>${thinking}</think>` }],
  ["REWARD_LOW", {}, "Wait, the cup falls before the ball. The answer is A.", "<answer>A</answer>"],
  ["CUT_OFF", { finish_reason: "length" }],
  ["FORMAT", {}, thinking, "<answer>B</answer> I hope."],
  ["TOO_SHORT", {}, "Wait, before: B."],
  ["TOO_LONG", {}, `${thinking} one two three four five six seven eight nine`],
  ["OTHER_SCRIPT", {}, `${thinking} 球`],
  ["REPEATED", {}, "Wait, the ball falls before. The ball falls before the cup."],
  ["LOOP", {}, `${thinking} yes yes yes`],
  ["ANSWER_LEAKED", {}, `The given answer fits. ${thinking}`],
  ["CONTRADICTED", {}, "Wait, the cup falls before the ball. So the answer is A."],
  ["NO_ORDER_TALK", {}, "Wait, it is the ball. The answer is B."],
  ["NO_REFLECTION", {}, "The ball falls before the cup."],
] as const)("%s alone", (code, fields, thought?: string, answer?: string) => {
  expect(codesOf(strict, fields, thought ?? thinking, answer ?? "<answer>B</answer>")).toEqual([code]);
});

test("all faults are told, in the order of the codes", () => {
  const faults = codesOf(strict, { finish_reason: "length" }, "", "<answer>A</answer>");
  expect(faults).toEqual([
    "REWARD_LOW",
    "CUT_OFF",
    "THINKING_EMPTY",
    "FORMAT",
    "TOO_SHORT",
    "NO_ORDER_TALK",
    "NO_REFLECTION",
  ]);
  expect(faults).toEqual(thoughtFaultCodes.filter((code) => faults.includes(code)));
});

test("order is asked of videos, letters of multiple choice", () => {
  expect(codesOf(strict, { data_type: "image" }, "Wait, it is the ball. The answer is B.")).toEqual([]);
  const numerical = { problem_type: "numerical", options: [], solution: "<answer>3</answer>" };
  expect(codesOf(strict, numerical, `${thinking.slice(0, -2)}A.`, "<answer>3</answer>")).toEqual([]);
});

test("the reward must be above the limit, not at it", () => {
  const fields = { output: undefined, process: "<think>x</think>", reward: 0.6 };
  expect(codesOf({ minReward: 0.6 }, fields)).toEqual(["REWARD_LOW"]);
  expect(codesOf({ minReward: 0.59 }, fields)).toEqual([]);
});
