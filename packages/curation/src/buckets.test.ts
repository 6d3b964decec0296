import { expect, test } from "vitest";
import { type Bucket, bucketOf, buckets } from "./buckets.ts";

test.each<[source: string, path: string, bucket: Bucket]>([
  ["LLaVA-Video-178K/30_60_s_youtube_v0_1", "./LLaVA-Video-178K/a.mp4", "General (Video)"],
  ["CLEVRER", "a.mp4", "General (Video)"],
  ["CLEVR-Math", "./General/a.jpg", "Math"],
  ["GEOS (MathV360K)", "a.jpg", "Math"],
  ["GeoQA+", "a.jpg", "Math"],
  ["rendered_text", "a.jpg", "OCR"],
  ["AI2D-gpt4v", "a.jpg", "Knowledge"],
  ["", "./Knowledge/ArxivQA/images/a.jpg", "Knowledge"],
  ["", "./ArxivQA/images/a.jpg", "Knowledge"],
  ["", "./General/images/a.jpg", "General (Image)"],
  ["", "Knowledge/a.mp4", "Other"],
  ["", "a/b/OCR/a.jpg", "Other"],
  ["", "OCR", "Other"],
  ["mine", "constructor/a.jpg", "Other"],
])("a record of %j at %j is of %s", (dataSource, path, bucket) => {
  const dataType = path.endsWith(".mp4") ? "video" : "image";
  expect(bucketOf({ dataSource, path, dataType })).toBe(bucket);
});

test("the buckets sum to the published file", () => {
  expect(buckets.reduce((sum, { records }) => sum + records, 0)).toBe(263_071);
});
