import type { DataRecord } from "../data-record.ts";
import { helperFields } from "./annotated-record.ts";
import type { Thought } from "./read-thought.ts";

/**
 * The record that training reads of an annotated one: without its helper fields, with `process`, and with the solution as it is,
 * or with the model's answer in its place.
 */
export function trainingRecord(
  { fields }: Pick<DataRecord, "fields">,
  { thinking, answer }: Thought,
  { solution, helpers }: { solution: "gold" | "answer"; helpers: "drop" | "keep" },
): Record<string, unknown> {
  const kept = Object.entries(fields).filter(
    ([name]) => helpers === "keep" || !(helperFields as readonly string[]).includes(name),
  );
  return {
    ...Object.fromEntries(kept),
    ...(thinking !== "" && { process: `<think>${thinking}</think>` }),
    ...(solution === "answer" && { solution: `<answer>${answer}</answer>` }),
  };
}
