import { mediaOf, parseRecord } from "@videor1/data";
import { expect, test } from "vitest";
import { choice, type Fields, open, soundRecords } from "../../test/made-records.ts";
import { compareDescriptions } from "./compare.ts";
import { createDescriber } from "./describe.ts";

function describe(records: readonly Fields[]) {
  const describer = createDescriber();
  for (const [index, fields] of records.entries()) {
    const example = parseRecord(fields, { file: "made.json", index });
    const answer = example.solution.replaceAll(/<\/?answer>/g, "");
    describer.add({ ...example, answer, media: mediaOf(example) });
  }
  return describer.finish();
}

const few = [
  choice({ data_source: "STAR" }),
  choice({ data_source: "STAR", problem_id: 2, options: ["A. a", "B. b"], process: "<think>so it is</think>" }),
  choice({ data_source: "STAR", problem_id: 2, options: ["A. a", "B. b"], process: "<think>so</think>" }),
  open("OCR", "EXIT now", { data_source: "IAM", data_type: "image", path: "OCR/a.jpg", problem_id: 3 }),
];

test("counts by type, modality, bucket, source, options and letters", () => {
  expect(describe(few)).toMatchObject({
    records: 4,
    types: [
      { name: "multiple choice", records: 3 },
      { name: "OCR", records: 1 },
    ],
    modalities: [
      { name: "video", records: 3 },
      { name: "image", records: 1 },
    ],
    buckets: [
      { name: "General (Video)", records: 3, sources: [{ name: "STAR", records: 3 }] },
      { name: "OCR", records: 1, sources: [{ name: "IAM", records: 1 }] },
    ],
    options: [
      { name: "2", records: 2 },
      { name: "3", records: 1 },
    ],
    letters: [{ name: "B", records: 3 }],
    media: { different: 2, mostRecords: 3, several: 0 },
    doubled: { ids: 1, questions: 1 },
  });
});

test("lengths in characters and words; of thoughts those that there are", () => {
  const { lengths } = describe(few);
  expect(lengths["question characters"]).toMatchObject({ count: 4, min: 11, median: 24, max: 24 });
  expect(lengths["answer words"]).toMatchObject({ count: 4, min: 1, mean: 1.25, max: 2 });
  expect(lengths["thought words"]).toMatchObject({ count: 2, min: 1, median: 1, max: 3 });
  expect(describe([choice()]).lengths["thought characters"]).toBeUndefined();
});

test("all counts sum to the records", () => {
  const { records, types, modalities, buckets, options, letters, lengths } = describe(soundRecords(500, 3));
  const sum = (counts: readonly { records: number }[]) => counts.reduce((all, own) => all + own.records, 0);
  expect([sum(types), sum(modalities), sum(buckets), sum(buckets.flatMap(({ sources }) => sources))]).toEqual(
    Array(4).fill(500),
  );
  expect(records).toBe(500);
  const choices = types.find(({ name }) => name === "multiple choice")!.records;
  expect([sum(options), sum(letters)]).toEqual([choices, choices]);
  const { count, bins } = lengths["question characters"]!;
  expect([count, bins.reduce((all, bin) => all + bin.count, 0)]).toEqual([500, 500]);
});

test("two data sets side by side", () => {
  const differences = compareDescriptions(describe(few), describe(few.slice(3)));
  const of = (part: string, name: string) => differences.find((one) => one.part === part && one.name === name);
  expect(of("all", "records")).toMatchObject({ first: 4, second: 1 });
  expect(of("type", "OCR")).toEqual({
    part: "type",
    name: "OCR",
    first: 1,
    second: 1,
    firstShare: 0.25,
    secondShare: 1,
  });
  expect(of("source", "STAR")).toMatchObject({ first: 3, second: 0, secondShare: 0 });
  expect(of("median", "answer words")).toMatchObject({ first: 1, second: 2 });
  expect(of("median", "thought words")).toMatchObject({ first: 1, second: 0 });
});
