import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { folder, freshPath } from "../test/hand-made.ts";
import { openSafetensors, type SafetensorsTensor, writeSafetensors } from "./safetensors.ts";
import { decode, encode } from "./safetensors-codec.ts";

function roundTrip(tensors: SafetensorsTensor[], metadata?: Record<string, string>) {
  const path = freshPath();
  writeSafetensors(path, tensors, metadata);
  const file = openSafetensors(path);
  const read = Object.fromEntries(file.names.map((name) => [name, { ...file.info(name), data: file.read(name) }]));
  file.close();
  return { file, read };
}

describe("writes", () => {
  test("a tensor longer than one read", () => {
    const data = Float32Array.from({ length: 2 ** 24 + 3 }, (_, i) => i);
    const { read } = roundTrip([{ name: "long", dtype: "F32", shape: [data.length], data }]);
    expect(Buffer.compare(Buffer.from(read.long!.data.buffer), Buffer.from(data.buffer))).toBe(0);
  });

  test("every dtype, shape, scalar, empty tensor and metadata round-trip", () => {
    const tensors: SafetensorsTensor[] = [
      { name: "u8", dtype: "U8", shape: [3], data: new Uint8Array([1, 2, 3]) },
      { name: "f32", dtype: "F32", shape: [2, 1], data: () => new Float32Array([1e-30, -4]) },
      { name: "bf16", dtype: "BF16", shape: [], data: new Float32Array([0.5]) },
      { name: "i64", dtype: "I64", shape: [2], data: new Int32Array([-1, 7]) },
      { name: "i32", dtype: "I32", shape: [0, 4], data: new Int32Array(0) },
      { name: "bool", dtype: "BOOL", shape: [1], data: new Uint8Array([1]) },
    ];
    const { file, read } = roundTrip(tensors, { format: "pt" });
    expect(file.metadata).toEqual({ format: "pt" });
    expect(file.names).toEqual(["i64", "f32", "i32", "bf16", "bool", "u8"]); // by falling element size: all aligned
    for (const { name, dtype, shape, data } of tensors)
      expect(read[name]).toEqual({ dtype, shape, data: typeof data === "function" ? data() : data });
  });

  test("the exact bytes of a small file", () => {
    const path = freshPath();
    writeSafetensors(path, [{ name: "a", dtype: "BF16", shape: [2], data: new Float32Array([1, -2]) }]);
    const json = '{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}'; // 55 bytes, padded to 56
    expect(readFileSync(path)).toEqual(Buffer.from(`\x38\0\0\0\0\0\0\0${json} \x80\x3f\x00\xc0`, "latin1"));
  });

  test.each([
    ["a tie goes to the even neighbour below", 0x3f808000, 0x3f80],
    ["a tie goes to the even neighbour above", 0x3f818000, 0x3f82],
    ["more than half rounds up", 0x3f808001, 0x3f81],
    ["less than half rounds down", 0x3f807fff, 0x3f80],
    ["the largest float overflows to infinity", 0x7f7fffff, 0x7f80],
    ["a negative tie", 0xbf818000, 0xbf82],
    ["a NaN with a low payload stays NaN", 0x7f800001, 0x7fc0],
  ])("BF16: %s", (_, float32, bfloat16) => {
    const data = new Float32Array(new Uint32Array([float32]).buffer);
    const path = freshPath();
    writeSafetensors(path, [{ name: "x", dtype: "BF16", shape: [], data }]);
    expect(readFileSync(path).readUInt16LE(readFileSync(path).length - 2)).toBe(bfloat16);
  });

  test("BF16 is the nearest of the two neighbouring bfloat16 values", () => {
    const fromBits = (bits: number) => new Float32Array(new Uint32Array([bits]).buffer)[0]!;
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: Math.fround(-1e38), max: Math.fround(1e38) }), (x) => {
        const data = new Float32Array([x]);
        const cut = new Uint32Array(data.buffer)[0]! & 0xffff0000;
        const out = new Float32Array(1);
        decode("BF16", encode("BF16", data), out, 0);
        const nearest = Math.min(Math.abs(fromBits(cut) - x), Math.abs(fromBits(cut + 0x10000) - x));
        expect(Math.abs(out[0]! - x)).toBe(nearest);
      }),
    );
  });

  test.each<[string, SafetensorsTensor[], RegExp]>([
    ["a name used twice", [f32("a"), f32("a")], /tensor "a": the name is taken/],
    ["the reserved name", [f32("__metadata__")], /the name is taken/],
    ["too few values", [{ ...f32("a"), shape: [3] }], /Float32Array of 2 values given for F32 \[3\]/],
    ["an array of another type", [{ ...f32("a"), dtype: "I32" }], /Float32Array of 2 values given for I32/],
  ])("refuses %s and leaves the old file alone", (_, tensors, message) => {
    const path = freshPath();
    writeFileSync(path, "old");
    expect(() => writeSafetensors(path, tensors)).toThrow(message);
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder).filter((name) => name.includes("tmp"))).toEqual([]);
  });

  test("a missing folder is named", () => {
    const path = join(folder, "absent", "x.safetensors");
    expect(() => writeSafetensors(path, [f32("a")])).toThrow(
      expect.objectContaining({ code: "SAFETENSORS_WRITE", path }),
    );
    expect(existsSync(path)).toBe(false);
  });
});

function f32(name: string): SafetensorsTensor {
  return { name, dtype: "F32", shape: [2], data: new Float32Array(2) };
}
