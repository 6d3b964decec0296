import { describe, expect, test } from "vitest";
import { hideLeading, leadingPackets, type PacketTime, rangesFor, secondsOf, timelineOf } from "./video-source.ts";

/** One packet a word: presentation time, "k" for a key packet, "d" if it is not shown; "-" has no time. */
function packetsOf(text: string): PacketTime[] {
  return text.split(" ").map((word, position) => ({
    pts: word.startsWith("-") ? undefined : BigInt(Number.parseInt(word, 10)),
    dts: BigInt(position),
    duration: 1n,
    key: word.includes("k"),
    discard: word.includes("d"),
  }));
}

describe("timelineOf", () => {
  test("shown packets in the order of their presentation times", () => {
    const timeline = timelineOf(packetsOf("0k 3 1 2 4k"), 0.5);
    expect(timeline).toEqual({ order: [0, 2, 3, 1, 4], timed: true, durationSeconds: 2.5 });
  });

  test("an edit list hides packets, also key packets", () => {
    expect(timelineOf(packetsOf("0kd 1d 2 3"), 1)).toEqual({ order: [2, 3], timed: true, durationSeconds: 2 });
  });

  test("without a time for each, the order of the file", () => {
    expect(timelineOf(packetsOf("-k 3 1"), 1)).toMatchObject({ order: [0, 1, 2], timed: false });
    expect(timelineOf(packetsOf("0k 1 1"), 1)).toMatchObject({ order: [0, 1, 2], timed: false });
  });

  test("no packet, no time", () => {
    expect(timelineOf([], 1)).toEqual({ order: [], timed: true, durationSeconds: 0 });
  });
});

test("times count from the first shown frame; without a time for each there are none", () => {
  const seconds = (text: string, indices: number[]) => {
    const packets = packetsOf(text);
    return secondsOf(indices, packets, timelineOf(packets, 0.5), 0.5);
  };
  expect(seconds("4k 9 5 6 10k", [0, 1, 3])).toEqual([0, 0.5, 2.5]);
  expect(seconds("4kd 9 5 6 10k", [0, 1])).toEqual([0, 0.5]);
  expect(seconds("-k 3 1", [0])).toBeUndefined();
  expect(seconds("0k", [])).toEqual([]);
});

describe("rangesFor", () => {
  const ranges = (text: string, indices: number[]) => {
    const packets = packetsOf(text);
    return rangesFor(indices, packets, timelineOf(packets, 1)).map(({ first, last }) => [first, last]);
  };

  test("from the key packet before each frame, groups without a wanted frame left out", () => {
    const text = "0k 1 2 3k 4 5 6k 7 8";
    expect(ranges(text, [1, 8])).toEqual([
      [0, 1],
      [6, 8],
    ]);
    expect(ranges(text, [0, 2, 4])).toEqual([
      [0, 2],
      [3, 4],
    ]);
  });

  test("a leading picture (shown before the key packet that precedes it) needs the group before", () => {
    // File order: key 0, 1, key 4 with leading pictures 2 and 3, then 5.
    expect(ranges("0k 1 4k 2 3 5", [2])).toEqual([[0, 3]]);
    expect(ranges("0k 1 4k 2 3 5", [4, 5])).toEqual([[2, 5]]);
    expect(ranges("0k 1 4k 2 3 5", [2, 4])).toEqual([[0, 3]]);
    expect(ranges("0k 1 4k 2 3 5", [0, 3, 5])).toEqual([[0, 5]]);
  });

  test("without times everything from the start", () => {
    expect(ranges("-k - -k -", [1, 3])).toEqual([[0, 3]]);
    expect(ranges("-k - -k -", [1])).toEqual([[0, 3]]); // pictures coded after it may be shown before it
  });

  test("a stream that does not start with a key packet", () => {
    expect(ranges("0 1 2k 3", [1])).toEqual([[0, 1]]);
  });
});

describe("leading pictures of a cut group", () => {
  const hidden = (text: string, shown: (bigint | undefined)[]) => {
    const packets = packetsOf(text);
    const leading = leadingPackets(packets);
    hideLeading(packets, leading, shown);
    return { leading, order: timelineOf(packets, 1).order };
  };

  test("those that do not come out are not shown", () => {
    expect(hidden("3k 1 2 4 5k", [3n])).toEqual({ leading: [1, 2], order: [0, 3, 4] });
    expect(hidden("3k 1 2 4 5k", [1n, 2n, 3n])).toEqual({ leading: [1, 2], order: [1, 2, 0, 3, 4] });
  });

  test("those before Matroska's zero have no time", () => {
    expect(hidden("0k - - 4 2 8k", [0n])).toEqual({ leading: [1, 2], order: [0, 4, 3, 5] });
    expect(hidden("0k - - 4 2 8k", [0n, undefined, undefined]).order).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("later groups, and a file that starts in the middle, have none", () => {
    expect(leadingPackets(packetsOf("0k 1 4k 2 3"))).toEqual([]);
    expect(leadingPackets(packetsOf("3 1 4k 2"))).toEqual([]);
  });
});
