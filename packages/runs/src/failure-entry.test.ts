import { expect, test } from "vitest";
import { failureEntry } from "./failure-entry.ts";

const codes = { FILE_GONE: "MEDIA_MISSING", TOO_WIDE: "SHAPE_REFUSED" } as const;

test.each([
  ["FILE_GONE", "MEDIA_MISSING"],
  ["TOO_WIDE", "SHAPE_REFUSED"],
  ["EACCES", "LOAD_FAILED"],
  ["toString", "LOAD_FAILED"],
  [undefined, "LOAD_FAILED"],
])("an error of code %s is entered as %s", (code, expected) => {
  const error = Object.assign(new Error("what happened"), { code });
  expect(failureEntry(7, error, codes)).toEqual({ problemId: 7, code: expected, reason: "what happened" });
});
