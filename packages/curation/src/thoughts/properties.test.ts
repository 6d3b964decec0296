import { parseRecord } from "@videor1/data";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { annotatedRecord } from "./annotated-record.ts";
import { readThought } from "./read-thought.ts";
import { thoughtFaultCodes, thoughtFaults } from "./thought-faults.ts";
import { trainingRecord } from "./training-record.ts";

const place = { file: "test.json", index: 0 };
const pieces = [
  "<think>",
  "</think>",
  "<answer>",
  "</answer>",
  "the answer is ",
  "B",
  "A.",
  " ",
  "\n",
  "so it's ",
  "猫",
  "**",
];
const completion = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 4 })), { maxLength: 30 })
  .map((parts) => parts.join(""));
const fields = {
  problem_id: 1,
  problem: "Which?",
  data_type: "video",
  problem_type: "multiple choice",
  options: ["A. cup", "B. ball"],
  solution: "<answer>B</answer>",
  path: "a.mp4",
};
const example = parseRecord(fields, place);
const limits = {
  minReward: 0.6,
  requireEnd: true,
  requireThinking: true,
  requireFormat: true,
  minWords: 1,
  maxWords: 5,
  maxOtherScript: 0,
  maxRepeats: 0,
  maxLoops: 1,
  refuseLeaks: true,
  refuseContradictions: true,
  requireOrderTalk: true,
  requireReflection: true,
};

test.each(["video-r1", "safe"] as const)(
  "any completion: what annotating wrote is what filtering reads, by %s",
  (rules) => {
    fc.assert(
      fc.property(completion, (output) => {
        const annotated = annotatedRecord({ fields, example }, { output }, { rules });
        const record = { fields: annotated, example: parseRecord(annotated, place) };
        const thought = readThought(record, { rules });
        expect(thought).toMatchObject({ completion: output, answer: annotated.answer, reward: annotated.reward });
        expect(annotated.process).toBe(thought.thinking === "" ? undefined : `<think>${thought.thinking}</think>`);
        const codes = thoughtFaults(thought, record.example, limits, () => 0).map(({ code }) => code);
        expect(codes).toEqual(thoughtFaultCodes.filter((code) => codes.includes(code)));
        const kept = trainingRecord(record, thought, { solution: "gold", helpers: "drop" });
        const { process: _, ...rest } = kept;
        expect(rest).toEqual(fields);
        expect(parseRecord(kept, place).process).toBe(annotated.process);
      }),
      { numRuns: 150 },
    );
  },
);
