import { expect, test } from "vitest";
import { nalUnits, readBits } from "./nal-units.ts";

test("NAL units follow their lengths, which must fill the packet", () => {
  const packet = Buffer.from([0, 2, 9, 8, 0, 1, 7]);
  expect(nalUnits(packet, 2)?.map((unit) => [...unit])).toEqual([[9, 8], [7]]);
  expect(nalUnits(packet.subarray(0, 6), 2)).toBeUndefined();
  expect(nalUnits(packet.subarray(0, 5), 2)).toBeUndefined();
  expect(nalUnits(Buffer.from([0, 0, 0, 1, 7]), 2)).toBeUndefined(); // an empty one
  expect(nalUnits(packet, 4)).toBeUndefined();
});

test("bits come without the byte 3 after two zeros, and end", () => {
  const { bits } = readBits(Buffer.from([0, 0, 3, 1, 3, 0, 0, 3]));
  expect([bits(16), bits(8), bits(8), bits(16)]).toEqual([0, 1, 3, 0]);
  expect(bits(1)).toBeNaN();
});

test("Exp-Golomb codes", () => {
  const { golomb } = readBits(Buffer.from([0b1_010_011_0, 0b0100_0001, 0b11_000000]));
  expect([golomb(), golomb(), golomb(), golomb(), golomb()]).toEqual([0, 1, 2, 3, 13]);
  expect(golomb()).toBeNaN();
  expect(readBits(Buffer.from([0, 0, 0, 0, 0, 255])).golomb()).toBeNaN(); // more than 32 bits
});
