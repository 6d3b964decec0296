import { initEngine } from "@videor1/engine";
import { beforeAll, describe, expect, test } from "vitest";
import { maxDifference, readJson } from "../test/golden-case.ts";
import { inverseFrequencies, rotaryTables } from "./rotary.ts";

const golden = readJson<Record<string, number[]>>("inv_freq.json");

test.each([
  ["text_inv_freq_theta1e6_dim128", 128, 1e6],
  ["vision_inv_freq_theta1e4_dim40", 40, 1e4],
])("%s is the recorded float32 table", (name, size, theta) => {
  const relative = Array.from(inverseFrequencies(size, theta), (value, i) => value / golden[name]![i]!);
  expect(maxDifference(relative, new Array(size / 2).fill(1))).toBeLessThan(2e-7); // an ulp or two of float32
});

describe("rotaryTables", () => {
  beforeAll(async () => void (await initEngine({ backend: "wasm" })));

  test("frequency f turns by position[axisOf[f]] * frequency", () => {
    const tables = rotaryTables(Float32Array.of(1, 0.5, 0.25), [0, 1, 2]);
    const positions = Int32Array.of(1, 2, 10, 20, 3, 4); // [3 axes, 2 tokens]
    const { cos, sin } = tables(positions, [1, 2], 2);
    const angles = [1, 5, 0.75, 2, 10, 1];
    expect(cos.shape).toEqual([1, 2, 3]);
    expect(maxDifference(cos.dataSync(), angles.map(Math.cos))).toBeLessThan(1e-7);
    expect(maxDifference(sin.dataSync(), angles.map(Math.sin))).toBeLessThan(1e-7);
  });

  test("a table that has grown is the same as a fresh one", () => {
    const [grown, fresh] = [0, 1].map(() => rotaryTables(Float32Array.of(1, 0.1), [0, 0]));
    grown!(Int32Array.of(2), [1, 1], 0);
    const [a, b] = [grown!, fresh!].map((tables) => tables(Int32Array.of(1, 77), [1, 2], 0).cos.dataSync());
    expect(a).toEqual(b);
  });
});
