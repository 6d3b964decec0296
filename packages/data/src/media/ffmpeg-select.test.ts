import { describe, expect, test } from "vitest";
import { afterSeek, anyOf, seekOptions, seekPoint } from "./ffmpeg-select.ts";
import { type PacketTime, timelineOf } from "./video-source.ts";

/** 100 packets, one a tick of 1/25 s, a key packet each `group`. */
const packetsOf = (group: number, changes: Partial<PacketTime> = {}): PacketTime[] =>
  Array.from({ length: 100 }, (_, i) => {
    const time = BigInt(i);
    return { pts: time, dts: time, duration: 1n, key: i % group === 0, discard: false, ...changes };
  });
const pointOf = (indices: number[], packets: PacketTime[], codec = "h264") =>
  seekPoint(indices, packets, timelineOf(packets, 0.04), { codec, secondsPerTick: 0.04 });

describe("seekPoint", () => {
  test("the key picture before all the frames asked for", () => {
    expect(pointOf([70, 90], packetsOf(30))).toEqual({ pts: 60n, seconds: 2.4 });
    expect(pointOf([95], packetsOf(30))).toEqual({ pts: 90n, seconds: 3.6 });
  });

  test("none near the start, or without times", () => {
    expect(pointOf([20, 90], packetsOf(30))).toBeUndefined();
    expect(pointOf([90], packetsOf(30, { pts: undefined }))).toBeUndefined();
  });

  test("packets that are all marked as key are believed where the decoder checks", () => {
    expect(pointOf([90], packetsOf(1))).toMatchObject({ pts: 90n });
    expect(pointOf([90], packetsOf(1), "mpeg4")).toBeUndefined();
    expect(pointOf([90], packetsOf(30), "mpeg4")).toMatchObject({ pts: 90n });
  });
});

test("an expression nests as deep as its terms are doubled", () => {
  expect(anyOf([])).toBe("0");
  expect(anyOf(["a"])).toBe("a");
  expect(anyOf(["a", "b", "c", "d", "e"])).toBe("(((a+b)+c)+(d+e))");
});

test("the options of ffmpeg", () => {
  const point = { pts: 1001n, seconds: 1001 / 30_000 };
  expect(seekOptions(point)).toEqual(["-noaccurate_seek", "-seek_timestamp", "1", "-ss", "0.033367"]);
  expect(afterSeek("eq(pts\\,1100)", point)).toBe(
    "st(0\\,if(eq(pts\\,1001)\\,eq(pict_type\\,I)\\,ld(0)))*(eq(pts\\,1100))",
  );
});
