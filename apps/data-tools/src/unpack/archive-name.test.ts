import { expect, test } from "vitest";
import { type ArchiveName, archiveName, missingParts, partNumber, suffixLike } from "./archive-name.ts";

test.each<[string, ArchiveName | undefined]>([
  ["a/x.zip", { kind: "zip", whole: "a/x.zip" }],
  ["x.TAR.GZ", { kind: "tar.gz", whole: "x.TAR.GZ" }],
  ["x.tgz", { kind: "tar.gz", whole: "x.tgz" }],
  ["x.tzst", { kind: "tar.zst", whole: "x.tzst" }],
  ["x.v1.tar", { kind: "tar", whole: "x.v1.tar" }],
  ["x.zip.001", { kind: "zip", whole: "x.zip", part: "001" }],
  ["x.tar.gz.part-aa", { kind: "tar.gz", whole: "x.tar.gz", part: "aa" }],
  ["x.tar.gz.partab", { kind: "tar.gz", whole: "x.tar.gz", part: "ab" }],
  ["x.tar.gz_part_3", { kind: "tar.gz", whole: "x.tar.gz", part: "3" }],
  ["x.tar.gzaa", { kind: "tar.gz", whole: "x.tar.gz", part: "aa" }],
  ["x.tar.part00", { kind: "tar", whole: "x.tar", part: "00" }],
  ["x.tar.zaab", { kind: "tar", whole: "x.tar", part: "zaab" }],
  ["x.tar.xz", undefined],
  ["x.zip.bak", undefined],
  ["x.zip.incomplete", undefined],
  ["x.z01", undefined],
  ["x.gz", undefined],
  ["zip", undefined],
])("%s", (file, expected) => {
  expect(archiveName(file)).toEqual(expected);
});

test("split's suffixes count on past two letters", () => {
  expect(["aa", "az", "ba", "yz", "zaaa", "zaab", "zaba"].map(partNumber)).toEqual([0, 25, 26, 649, 650, 651, 676]);
  for (const [number, like] of [
    [0, "aa"],
    [649, "aa"],
    [650, "aa"],
    [700, "aa"],
    [17_575, "aa"],
  ] as const)
    expect(partNumber(suffixLike(number, like))).toBe(number);
  expect(suffixLike(7, "001")).toBe("007");
});

test("parts count from 0 or 1, and gaps are named", () => {
  expect(missingParts([0, 1, 2])).toEqual([]);
  expect(missingParts([1, 2])).toEqual([]);
  expect(missingParts([0, 3])).toEqual([1, 2]);
  expect(missingParts([3, 5])).toEqual([1, 2, 4]);
  expect(missingParts([1, 1_000_000])).toHaveLength(20);
});
