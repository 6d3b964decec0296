import { expect, test } from "vitest";
import { CheckpointError } from "./checkpoint-error.ts";
import { describeError } from "./describe-error.ts";
import { errorFields, WorkerError } from "./worker-error.ts";

const own = new CheckpointError("CHECKPOINT_MISSING", {
  path: "runs/a",
  what: "holds no checkpoint",
  hint: "Start anew",
});

test("an error that says what to do: message and hint, no stack", () => {
  expect(describeError(own)).toBe("runs/a: holds no checkpoint\nStart anew");
});

test("the same from a worker", () => {
  expect(describeError(new WorkerError(structuredClone(errorFields(own))))).toBe(describeError(own));
});

test("a hint that the message holds is not said twice", () => {
  expect(describeError(Object.assign(new Error("No file. Look again."), { hint: "Look again." }))).toBe(
    "No file. Look again.",
  );
});

test("any other error: its stack, also from a worker", () => {
  const bug = new RangeError("linear: 3 is not 4");
  expect(describeError(bug)).toBe(bug.stack);
  expect(describeError(new WorkerError(structuredClone(errorFields(bug))))).toBe(bug.stack);
});

test("a disk that is full, also in a worker", () => {
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  expect(describeError(full)).toMatch(/^ENOSPC: .*\nThe disk is full: free space/);
  expect(describeError(new WorkerError(structuredClone(errorFields(full))))).toBe(describeError(full));
});

test("what is thrown and no error", () => {
  expect(describeError("odd")).toBe("odd");
  expect(describeError(new WorkerError(errorFields("odd")))).toContain("odd");
});
