import { expect, test } from "vitest";
import { createMediaComparer, type ReadMedium } from "./compare-media.ts";

const place = { file: "a.json", index: 0 };
const medium = (sha256: string, look: number, totalFrames?: number): ReadMedium => ({
  status: "read",
  sha256,
  totalFrames,
  frames: [
    {
      bits: Uint16Array.from({ length: 8 }, (_, i) => (look * 7919 + i * 104_729) & 0xffff),
      colors: new Uint8Array(48).fill(90),
    },
  ],
});

function findingsOf(use: (comparer: ReturnType<typeof createMediaComparer>) => void) {
  const comparer = createMediaComparer({ nframes: 16, most: 10, isAsked: () => true });
  use(comparer);
  return comparer.finish().map(({ code, count, records: [first] }) => [code, count, first!.note]);
}

test("media are told once each: as missing, short, a copy or alike", () => {
  expect(
    findingsOf(({ add }) => {
      add("a.mp4", { id: 1, place }, medium("1", 1, 16));
      add("b.mp4", { id: 2, place }, medium("1", 1, 16));
      add("c.mp4", { id: 3, place }, medium("3", 1, 15));
      add("d.mp4", { id: 4, place }, medium("4", 5, 99));
      add("e.mp4", { id: 5, place }, { status: "missing", reason: "no file" });
      add("f.mp4", { id: 6, place }, { status: "unreadable", reason: "cut short" });
    }),
  ).toEqual([
    ["MEDIA_MISSING", 1, "no file"],
    ["MEDIA_UNREADABLE", 1, "cut short"],
    ["MEDIA_SHORT", 1, "c.mp4: 15 frames, asked for 16"],
    ["MEDIA_COPY", 1, "b.mp4 is a.mp4"],
    ["MEDIA_ALIKE", 1, "c.mp4 looks as a.mp4"],
  ]);
});

test("leaks by bytes and by pixels", () => {
  const val = { name: "val.json", kind: "split" } as const;
  expect(
    findingsOf(({ add, addOther }) => {
      addOther("x.mp4", val, medium("1", 1));
      addOther("y.mp4", val, { status: "missing", reason: "no file" });
      add("a.mp4", { id: 1, place }, medium("1", 1));
      add("b.mp4", { id: 2, place }, medium("2", 1));
      add("c.mp4", { id: 3, place }, medium("3", 7));
    }),
  ).toEqual([
    ["MEDIA_ALIKE", 1, "b.mp4 looks as a.mp4"],
    ["LEAK_CONTENT", 1, "a.mp4 is x.mp4 of val.json"],
    ["LEAK_PIXELS", 1, "b.mp4 looks as x.mp4 of val.json"],
  ]);
});
