import { expect, test } from "vitest";
import { failureEntry } from "./failure-entry.ts";

test.each([
  ["MEDIA_NOT_FOUND", "MEDIA_MISSING"],
  ["DECODE_FAILED", "MEDIA_UNREADABLE"],
  ["IMAGE_SIZE", "SHAPE_REFUSED"],
  ["EACCES", "LOAD_FAILED"],
  [undefined, "LOAD_FAILED"],
])("an error of code %s is entered as %s", (code, expected) => {
  const error = Object.assign(new Error("what happened"), { code });
  expect(failureEntry(7, error)).toEqual({ problemId: 7, code: expected, reason: "what happened" });
});
