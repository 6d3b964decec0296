import { describe, expect, test } from "vitest";
import { createFrameCount, type H264Format, type H264Picture, parseH264Format, readPicture } from "./h264-pictures.ts";

/** A NAL unit: its first byte, then bits with a stop bit. */
const unit = (head: number, bits: string) => {
  const payload = `${bits.replaceAll(" ", "")}1`
    .match(/.{1,8}/g)!
    .map((byte) => Number.parseInt(byte.padEnd(8, "0"), 2));
  return Buffer.from([head, ...payload]);
};
const fixed = (value: number, count: number) => value.toString(2).padStart(count, "0");
const golomb = (value: number) => "0".repeat((value + 1).toString(2).length - 1) + (value + 1).toString(2);

/** A sequence parameter set of 64x48. */
const sps = ({
  profile = 77,
  chroma = "",
  frameNumBits = 6,
  order = [0, 2].map(golomb).join(""),
  framesOnly = 1,
} = {}) => {
  const sizes = [3, 2].map(golomb).join("");
  const counts = `${golomb(frameNumBits - 4)}${order}${golomb(4)}0`;
  return unit(
    0x67,
    `${fixed(profile, 8)}${fixed(0, 8)}${fixed(30, 8)}${golomb(0)}${chroma}${counts}${sizes}${framesOnly}11001`,
  );
};
const record = (...sets: Buffer[]) => {
  const units = sets.flatMap((set) => [0, set.length, ...set]);
  return Buffer.from([1, 77, 0, 30, 0xff, 0xe0 | sets.length, ...units, 0]);
};
const bitsOf = (...sets: Buffer[]) => parseH264Format(record(...sets))?.frameNumBits;

describe("the format of a stream", () => {
  test("is that of its parameter sets, of each profile and order of pictures", () => {
    expect(parseH264Format(record(sps()))).toEqual({ lengthBytes: 4, frameNumBits: 6, parameterSets: [sps()] });
    expect(bitsOf(sps({ frameNumBits: 16 }))).toBe(16);
    expect(bitsOf(sps({ profile: 100, chroma: `${[1, 0, 0].map(golomb).join("")}00` }))).toBe(6);
    expect(bitsOf(sps({ profile: 244, chroma: `${golomb(3)}0${[0, 0].map(golomb).join("")}00` }))).toBe(6);
    expect(bitsOf(sps({ order: golomb(2) }))).toBe(6);
    expect(bitsOf(sps({ order: `${golomb(1)}0${[0, 0, 2, 5, 5].map(golomb).join("")}` }))).toBe(6);
    expect(bitsOf(sps(), sps())).toBe(6);
  });

  test("is not known of fields, colour planes, scaling matrices, sets that differ, and damage", () => {
    expect(bitsOf(sps({ framesOnly: 0 }))).toBeUndefined();
    expect(bitsOf(sps({ profile: 244, chroma: `${golomb(3)}1${[0, 0].map(golomb).join("")}00` }))).toBeUndefined();
    expect(bitsOf(sps({ profile: 100, chroma: `${[1, 0, 0].map(golomb).join("")}01` }))).toBeUndefined();
    expect(bitsOf(sps(), sps({ frameNumBits: 5 }))).toBeUndefined();
    expect(bitsOf(sps({ frameNumBits: 17 }))).toBeUndefined();
    expect(bitsOf(sps().subarray(0, 6))).toBeUndefined();
    expect(bitsOf(sps({ order: `${golomb(1)}0${[0, 0, 256].map(golomb).join("")}` }))).toBeUndefined();
    expect(bitsOf()).toBeUndefined();
    for (const bytes of [Buffer.alloc(0), Buffer.from([0, 0, 0, 1, 0x67, 77, 0, 30]), record(sps()).subarray(0, 7)])
      expect(parseH264Format(bytes)).toBeUndefined();
  });
});

const format: H264Format = { lengthBytes: 1, frameNumBits: 6, parameterSets: [sps()] };
const slice = (head: number, { type = 0, frameNum = 9, first = 0 } = {}) =>
  unit(head, `${[first, type, 0].map(golomb).join("")}${fixed(frameNum, 6)}`);
const pictureOf = (...units: Buffer[]) =>
  readPicture(Buffer.concat(units.flatMap((one) => [Buffer.from([one.length]), one])), format);
const [pps, sei, delimiter] = [unit(0x68, "1"), unit(0x06, "1"), unit(0x09, "1")];

describe("the picture of a packet", () => {
  test("is that of its slices", () => {
    const picture = { isReference: false, isIdr: false, isIntra: false, frameNum: 9 };
    expect(pictureOf(slice(0x01))).toEqual(picture);
    expect(pictureOf(delimiter, sei, slice(0x01), slice(0x01, { first: 40 }))).toEqual(picture);
    expect(pictureOf(slice(0x41))).toEqual({ ...picture, isReference: true });
    expect(pictureOf(slice(0x41, { type: 7 }), slice(0x41, { type: 2 }))).toMatchObject({ isIntra: true });
    expect(pictureOf(slice(0x41, { type: 5 }), slice(0x41, { type: 7 }))).toMatchObject({ isIntra: false });
    expect(pictureOf(sps(), pps, slice(0x65, { type: 7, frameNum: 0 }))).toMatchObject({ isIdr: true, frameNum: 0 });
  });

  test("is in doubt where slices differ, sets are unknown or would be left out, and units are unusual or cut", () => {
    expect(pictureOf()).toBeUndefined();
    expect(pictureOf(sei)).toBeUndefined();
    expect(pictureOf(slice(0x01), slice(0x41))).toBeUndefined();
    expect(pictureOf(slice(0x41), slice(0x41, { frameNum: 10 }))).toBeUndefined();
    expect(pictureOf(slice(0x45), slice(0x41))).toBeUndefined();
    expect(pictureOf(sps({ frameNumBits: 5 }), slice(0x41))).toBeUndefined();
    expect(pictureOf(pps, slice(0x01))).toBeUndefined();
    for (const type of [0, 2, 3, 4, 10, 11, 14, 15, 20, 24])
      expect(pictureOf(unit(type, "1"), slice(0x01))).toBeUndefined();
    expect(pictureOf(slice(0x81))).toBeUndefined();
    expect(pictureOf(slice(0x01).subarray(0, 2))).toBeUndefined();
    expect(readPicture(Buffer.from([9, 1, 2]), format)).toBeUndefined();
  });
});

describe("the count of references", () => {
  const [idr, key, P, b] = [
    { isReference: true, isIdr: true, isIntra: true },
    { isReference: true, isIdr: false, isIntra: true },
    { isReference: true, isIdr: false, isIntra: false },
    { isReference: false, isIdr: false, isIntra: false },
  ];
  type Kind = Omit<H264Picture, "frameNum">;
  const holds = (...pictures: [Kind, number][]) => {
    const counts = createFrameCount(format);
    return pictures.map(([kind, frameNum]) => counts({ ...kind, frameNum })).every(Boolean);
  };

  test("goes on modulo 2^bits, from any intra picture on; what none refers to does not count", () => {
    expect(holds([idr, 0], [P, 1], [b, 2], [b, 2], [P, 2], [P, 3], [idr, 0], [b, 1])).toBe(true);
    expect(holds([key, 62], [P, 63], [b, 0], [P, 0], [b, 1])).toBe(true);
  });

  test("shows a reference that was lost or doubled, before any kind of picture", () => {
    for (const next of [P, b, key]) {
      expect(holds([idr, 0], [P, 1], [next, 3])).toBe(false);
      expect(holds([idr, 0], [P, 1], [next, 1])).toBe(false);
    }
  });

  test("is in doubt from other pictures on, and at an IDR picture that is numbered or unreferenced", () => {
    expect(holds([P, 3])).toBe(false);
    expect(holds([b, 3])).toBe(false);
    expect(holds([idr, 1])).toBe(false);
    expect(holds([{ ...idr, isReference: false }, 0])).toBe(false);
  });
});
