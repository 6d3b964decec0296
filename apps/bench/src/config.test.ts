import { expect, test } from "vitest";
import { BenchConfig } from "./config.ts";

const config = (more: object) =>
  BenchConfig.safeParse({
    model: "m",
    name: "n",
    outputDir: "o",
    data: { records: "r.json", media: { mediaRoot: "." } },
    ...more,
  });

test("options of the safe grading", () => {
  const gradingOptions = { markup: true, unicode: false };
  expect(config({ grading: "safe", gradingOptions }).data?.gradingOptions).toMatchObject(gradingOptions);
  expect(config({}).data?.gradingOptions).toMatchObject({ markup: false, unicode: true });
});

test.each(["video-r1", "training"])("grading %s has none", (grading) => {
  const { error } = config({ grading, gradingOptions: { markup: true, units: true } });
  expect(error?.issues).toMatchObject([
    {
      path: ["gradingOptions"],
      message: `markup, units: only grading safe has such options, not grading ${grading}`,
    },
  ]);
});

test("an option that there is none of is told", () => {
  const { error } = config({ grading: "safe", gradingOptions: { mark: true } });
  expect(error?.issues).toMatchObject([{ path: ["gradingOptions"], keys: ["mark"] }]);
});

test("benchmarks named twice, and those that no scorer knows", () => {
  const asked = (more: object) =>
    BenchConfig.safeParse({ model: "m", outputDir: "o", data: { folder: "f" }, ...more }).error?.issues[0]?.message;
  expect(asked({ benchmark: ["mmvu", "pope", "mmvu"] })).toBe("mmvu is named twice");
  expect(asked({ benchmark: ["pope", "mmvu"], scorers: ["vlmevalkit"] })).toContain("none of vlmevalkit knows mmvu");
  expect(asked({ benchmark: ["pope", "mmvu"], scorers: ["vlmevalkit", "safe"] })).toBeUndefined();
});

test.each<[object, string]>([
  [{ prompt: "official" }, "prompt"],
  [{ tasks: ["a"] }, "tasks"],
  [{ source: "official" }, "source"],
  [{ compare: ["reversed"] }, "compare"],
])("of records %j would have no effect, and is refused", (more, key) => {
  expect(config(more).error?.issues).toMatchObject([{ path: [key] }]);
  expect(config({ compare: ["shuffled"] }).error).toBeUndefined();
});
