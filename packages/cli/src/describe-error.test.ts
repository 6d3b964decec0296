import { CheckpointError } from "@videor1/runs";
import { expect, test } from "vitest";
import { describeError } from "./describe-error.ts";

const own = new CheckpointError("CHECKPOINT_MISSING", {
  path: "runs/a",
  what: "holds no checkpoint",
  hint: "Start anew",
});

test("an error that says what to do: message and hint, no stack", () => {
  expect(describeError(own)).toBe("runs/a: holds no checkpoint\nStart anew");
});

test("a hint that the message holds is not said twice", () => {
  expect(describeError(Object.assign(new Error("No file. Look again."), { hint: "Look again." }))).toBe(
    "No file. Look again.",
  );
});

test("any other error: its stack", () => {
  const bug = new RangeError("linear: 3 is not 4");
  expect(describeError(bug)).toBe(bug.stack);
});

test("a disk that is full", () => {
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  expect(describeError(full)).toMatch(/^ENOSPC: .*\nThe disk is full: free space/);
});

test("what is thrown and no error", () => {
  expect(describeError("odd")).toBe("odd");
});

test("a file that cannot be used: what and where, no stack", () => {
  const cause = Object.assign(new Error("EISDIR: illegal operation on a directory, open 'runs/a/latest'"), {
    code: "EISDIR",
    syscall: "open",
    path: "runs/a/latest",
  });
  expect(describeError(cause)).toMatch(/^EISDIR: .*latest'\nCheck that/);
});
