import { expect, test } from "vitest";
import { partName, partOf } from "./composition.ts";

const record = {
  dataSource: "LLaVA-Video-178K/0_30_s",
  dataType: "video",
  problemType: "free-form",
  path: "./x.mp4",
} as const;

test.each([
  [{}, true],
  [{ bucket: "General (Video)" }, true],
  [{ bucket: ["Chart", "General (Video)"], dataType: "video" }, true],
  [{ bucket: "General (Video)", problemType: "OCR" }, false],
  [{ source: "LLaVA-Video-178K" }, true],
  [{ source: ["STAR", "LLaVA-Video-178K/0_30_s"] }, true],
  [{ source: "LLaVA-Video" }, false],
  [{ dataType: "image" }, false],
])("%j has the record: %s", (part, isIn) => {
  expect(partOf(record, [part])).toBe(isIn ? 0 : -1);
});

test("a record belongs to the first part that takes it", () => {
  expect(partOf(record, [{ bucket: "Chart" }, { dataType: "video" }, {}])).toBe(1);
});

test("a part is named by what it asks for", () => {
  expect(partName({ bucket: ["Chart", "Math"], dataType: "image", count: 3 })).toBe("Chart | Math, image");
  expect(partName({ share: 1 })).toBe("all");
  expect(partName({ source: "" })).toBe('""');
});
