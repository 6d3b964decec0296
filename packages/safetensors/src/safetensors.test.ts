import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { openSafetensors, type SafetensorsTensor, writeSafetensors } from "./safetensors.ts";
import { decode, encode } from "./safetensors-codec.ts";
import { SafetensorsError } from "./safetensors-header.ts";

const folder = mkdtempSync(join(tmpdir(), "safetensors-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const freshPath = () => join(folder, `${files++}.safetensors`);

/** A file from a header object and data bytes, built by hand from the format's description. */
function handMade(header: unknown, data: Uint8Array, headerBytes?: number): string {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(headerBytes ?? json.length));
  const path = freshPath();
  writeFileSync(path, Buffer.concat([prefix, json, data]));
  return path;
}

function roundTrip(tensors: SafetensorsTensor[], metadata?: Record<string, string>) {
  const path = freshPath();
  writeSafetensors(path, tensors, metadata);
  const file = openSafetensors(path);
  const read = Object.fromEntries(file.names.map((name) => [name, { ...file.info(name), data: file.read(name) }]));
  file.close();
  return { file, read };
}

describe("reads what the format describes", () => {
  test.each([
    ["F64", new Float64Array([1.5, -2, 1e-3]), new Float32Array([1.5, -2, 1e-3])],
    ["F32", new Float32Array([1.5, Number.NaN, -0]), new Float32Array([1.5, Number.NaN, -0])],
    // 1, -2, largest, smallest subnormal, largest subnormal, infinity, NaN, -0
    [
      "F16",
      new Uint16Array([0x3c00, 0xc000, 0x7bff, 0x0001, 0x03ff, 0x7c00, 0x7e00, 0x8000]),
      new Float32Array([1, -2, 65504, 2 ** -24, 1023 * 2 ** -24, Number.POSITIVE_INFINITY, Number.NaN, -0]),
    ],
    ["BF16", new Uint16Array([0x3f80, 0xc049, 0x7f80]), new Float32Array([1, -3.140625, Number.POSITIVE_INFINITY])],
    ["I64", new BigInt64Array([5n, -7n, 2147483647n]), new Int32Array([5, -7, 2147483647])],
    ["I32", new Int32Array([5, -7]), new Int32Array([5, -7])],
    ["U8", new Uint8Array([0, 255]), new Uint8Array([0, 255])],
    ["BOOL", new Uint8Array([0, 1, 1]), new Uint8Array([0, 1, 1])],
  ])("%s", (dtype, stored, expected) => {
    const bytes = new Uint8Array(stored.buffer);
    const path = handMade({ x: { dtype, shape: [stored.length], data_offsets: [0, bytes.length] } }, bytes);
    const file = openSafetensors(path);
    expect(file.info("x")).toEqual({ dtype, shape: [stored.length] });
    expect(file.read("x")).toEqual(expected);
    file.close();
  });

  test("a tensor longer than one read", () => {
    const data = Float32Array.from({ length: 2 ** 24 + 3 }, (_, i) => i);
    const { read } = roundTrip([{ name: "long", dtype: "F32", shape: [data.length], data }]);
    expect(Buffer.compare(Buffer.from(read.long!.data.buffer), Buffer.from(data.buffer))).toBe(0);
  });

  test("a tensor that begins beyond 4 GiB", () => {
    const before = 5 * 2 ** 30;
    const path = handMade(
      {
        big: { dtype: "U8", shape: [before], data_offsets: [0, before] },
        last: { dtype: "F32", shape: [1], data_offsets: [before, before + 4] },
      },
      new Uint8Array(0),
    );
    const dataStart = readFileSync(path).length;
    const handle = openSync(path, "r+");
    writeSync(handle, new Uint8Array(new Float32Array([7]).buffer), 0, 4, dataStart + before); // a sparse file
    closeSync(handle);
    const file = openSafetensors(path);
    expect(file.read("last")).toEqual(new Float32Array([7]));
    file.close();
  });

  test("an I64 beyond 32 bits is refused, not wrapped", () => {
    const path = handMade(
      { x: { dtype: "I64", shape: [2], data_offsets: [0, 16] } },
      new Uint8Array(new BigInt64Array([1n, 2n ** 31n]).buffer),
    );
    expect(() => openSafetensors(path).read("x")).toThrow(/tensor "x": a value cannot be held: element 1/);
  });
});

describe("writes", () => {
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

describe("refuses", () => {
  const entry = (begin: number, end: number, extra: object = {}) => ({
    dtype: "F32",
    shape: [(end - begin) / 4],
    data_offsets: [begin, end],
    ...extra,
  });
  const bytes = (n: number) => new Uint8Array(n);
  test.each<[string, string, string, RegExp]>([
    ["an empty header", handMade("", bytes(0)), "SAFETENSORS_HEADER", /header is not JSON/],
    ["an absurd header length", handMade("{}", bytes(0), 2 ** 40), "SAFETENSORS_HEADER", /claims 1099511627776 bytes/],
    ["a header beyond the file", handMade("{}", bytes(0), 99), "SAFETENSORS_TRUNCATED", /but the file has 10/],
    ["a list for a header", handMade("[]", bytes(0)), "SAFETENSORS_HEADER", /not a JSON object/],
    [
      "metadata that is not text",
      handMade({ __metadata__: { a: 1 } }, bytes(0)),
      "SAFETENSORS_HEADER",
      /object of strings/,
    ],
    [
      "an unknown dtype",
      handMade({ a: entry(0, 8, { dtype: "F4" }) }, bytes(8)),
      "SAFETENSORS_HEADER",
      /tensor "a": dtype "F4"/,
    ],
    ["a negative size", handMade({ a: entry(0, 8, { shape: [-2] }) }, bytes(8)), "SAFETENSORS_HEADER", /list of sizes/],
    ["one offset", handMade({ a: entry(0, 8, { data_offsets: [0] }) }, bytes(8)), "SAFETENSORS_HEADER", /pair of byte/],
    [
      "a size that disagrees",
      handMade({ a: entry(0, 8, { shape: [3] }) }, bytes(8)),
      "SAFETENSORS_HEADER",
      /F32 \[3\] takes 12/,
    ],
    [
      "an overlap",
      handMade({ a: entry(0, 8), b: entry(4, 12) }, bytes(12)),
      "SAFETENSORS_HEADER",
      /tensor "b": bytes 4-12 overlap/,
    ],
    ["a hole", handMade({ a: entry(0, 8), b: entry(12, 16) }, bytes(16)), "SAFETENSORS_HEADER", /leave a hole/],
    [
      "missing data",
      handMade({ a: entry(0, 8), b: entry(8, 16) }, bytes(12)),
      "SAFETENSORS_TRUNCATED",
      /tensor "b": its bytes end at 16.*only 12/,
    ],
    [
      "trailing bytes",
      handMade({ a: entry(0, 8) }, bytes(9)),
      "SAFETENSORS_HEADER",
      /1 bytes that belong to no tensor/,
    ],
    ["a path without a file", join(folder, "none"), "SAFETENSORS_OPEN", /ENOENT/],
  ])("%s", (_, path, code, message) => {
    const open = () => openSafetensors(path);
    expect(open).toThrow(SafetensorsError);
    expect(open).toThrow(expect.objectContaining({ code, path, hint: expect.any(String) }));
    expect(open).toThrow(message);
  });

  test("a file of fewer than 8 bytes", () => {
    const path = freshPath();
    writeFileSync(path, "short");
    expect(() => openSafetensors(path)).toThrow(/5 bytes are too few/);
  });

  test("an unknown tensor, naming some that exist", () => {
    const path = handMade({ a: entry(0, 8) }, bytes(8));
    expect(() => openSafetensors(path).read("b")).toThrow(/tensor "b": no tensor of this name/);
  });

  test("a file that shrinks while it is open", () => {
    const path = handMade({ a: entry(0, 8) }, bytes(8));
    const file = openSafetensors(path);
    truncateSync(path, readFileSync(path).length - 4);
    expect(() => file.read("a")).toThrow(expect.objectContaining({ code: "SAFETENSORS_TRUNCATED" }));
    file.close();
  });

  test("a folder", () => {
    const path = join(folder, "dir");
    mkdirSync(path);
    expect(() => openSafetensors(path)).toThrow(SafetensorsError);
  });
});

function f32(name: string): SafetensorsTensor {
  return { name, dtype: "F32", shape: [2], data: new Float32Array(2) };
}
