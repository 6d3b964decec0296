import { closeSync, mkdirSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folder, freshPath, handMade } from "../test/hand-made.ts";
import { openSafetensors } from "./safetensors.ts";
import { SafetensorsError } from "./safetensors-header.ts";

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
    ["I16", new Int16Array([5, -7, -32768]), new Int32Array([5, -7, -32768])],
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
      handMade({ a: entry(0, 8, { dtype: "F5" }) }, bytes(8)),
      "SAFETENSORS_HEADER",
      /tensor "a": dtype "F5"/,
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

describe("number formats that are not decoded", () => {
  test.each<[string, number[], number]>([
    ["F8_E4M3", [2], 2],
    ["F8_E5M2", [0], 0],
    ["U16", [3], 6],
    ["U64", [1], 8],
    ["C64", [1], 8],
    ["F4", [3], 2],
  ])("%s %j beside F32: the file is read, the tensor is refused", (dtype, shape, size) => {
    const entries = {
      scale: { dtype: "F32", shape: [1], data_offsets: [0, 4] },
      x: { dtype, shape, data_offsets: [4, 4 + size] },
    };
    const file = openSafetensors(handMade(entries, new Uint8Array(4 + size)));
    expect(file.read("scale")).toEqual(Float32Array.of(0));
    expect(file.info("x")).toEqual({ dtype, shape });
    expect(() => file.read("x")).toThrow(
      expect.objectContaining({ code: "SAFETENSORS_TENSOR", hint: expect.stringContaining("BF16") }),
    );
    file.close();
  });

  test("metadata of null is none", () => {
    const file = openSafetensors(handMade({ __metadata__: null }, new Uint8Array(0)));
    expect(file.metadata).toEqual({});
    file.close();
  });

  test("an F64 beyond float32 is refused, infinity is not", () => {
    const data = (value: number) => new Uint8Array(Float64Array.of(value).buffer);
    const open = (value: number) =>
      openSafetensors(handMade({ x: { dtype: "F64", shape: [1], data_offsets: [0, 8] } }, data(value)));
    const [large, infinite] = [open(1e300), open(Number.POSITIVE_INFINITY)];
    expect(() => large.read("x")).toThrow(/element 0 is 1e\+300, beyond float32/);
    expect(infinite.read("x")).toEqual(Float32Array.of(Number.POSITIVE_INFINITY));
    large.close();
    infinite.close();
  });
});
