import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { cases, goldenCase, readJson } from "../test/golden-case.ts";
import { parseConfig, type VisionConfig } from "./config.ts";
import type { GridThw } from "./rope-index.ts";
import { invertIndex, visionGeometry } from "./vision-geometry.ts";

interface Row {
  grid_thw: GridThw[];
  window_size: number;
  spatial_merge_size: number;
  patch_size: number;
  n_patches: number;
  cu_window_seqlens: number[];
  cu_seqlens: number[];
  window_index?: number[];
  window_index_sha256_i32le: string;
  hw_position_ids_sha256_i32le: string;
}

const sha256 = (values: Int32Array) =>
  createHash("sha256")
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest("hex");
const cells = (patches: number, config: Pick<VisionConfig, "spatialMergeSize">) =>
  Int32Array.from({ length: patches / config.spatialMergeSize ** 2 }, (_, i) => i);

const rows = readJson<Row[]>("geometry.json");
test.each(rows.map((row) => [row.grid_thw.join(" | "), row.window_size, row] as const))(
  "grid %s, window %i px, is the recorded one",
  (_, __, row) => {
    const vision = parseConfig(readJson("tiny_a", "config.json")).vision;
    const config = {
      ...vision,
      windowSize: row.window_size,
      spatialMergeSize: row.spatial_merge_size,
      patchSize: row.patch_size,
    };
    const { windowIndex, cuWindowSeqlens, cuSeqlens, hwPositionIds } = visionGeometry(row.grid_thw, config);
    expect([...cuWindowSeqlens]).toEqual(row.cu_window_seqlens);
    expect([...cuSeqlens]).toEqual(row.cu_seqlens);
    expect(hwPositionIds.length).toBe(2 * row.n_patches);
    expect(sha256(windowIndex ?? cells(row.n_patches, config))).toBe(row.window_index_sha256_i32le);
    expect(sha256(hwPositionIds)).toBe(row.hw_position_ids_sha256_i32le);
  },
);

describe.each(Object.entries(cases))("%s", (model, names) => {
  const { vision } = parseConfig(readJson(model, "config.json"));
  test.each(names)("%s", (name) => {
    const of = goldenCase(model, name);
    for (const kind of ["image", "video"]) {
      if (!of.has(`vis.${kind}.window_index`)) continue;
      const grid = of.stored(`in.${kind}_grid_thw`).data;
      const grids = Array.from(
        { length: grid.length / 3 },
        (_, i): GridThw => [grid[3 * i]!, grid[3 * i + 1]!, grid[3 * i + 2]!],
      );
      const { windowIndex, cuWindowSeqlens, cuSeqlens, hwPositionIds } = visionGeometry(grids, vision);
      const expected = (part: string) => [...of.stored(`vis.${kind}.${part}`).data];
      expect([...(windowIndex ?? cells(hwPositionIds.length / 2, vision))]).toEqual(expected("window_index"));
      expect([...cuWindowSeqlens]).toEqual(expected("cu_window_seqlens"));
      expect([...cuSeqlens]).toEqual(expected("cu_seqlens"));
      expect([...hwPositionIds]).toEqual(expected("hw_position_ids"));
    }
  });
});

test("windows of one merged cell keep the order: nothing is to be reindexed", () => {
  const vision = { ...parseConfig(readJson("tiny_a", "config.json")).vision, windowSize: 28 };
  const { windowIndex, cuWindowSeqlens } = visionGeometry([[2, 4, 4]], vision);
  expect(windowIndex).toBeNull();
  expect([...cuWindowSeqlens]).toEqual([0, 4, 8, 12, 16, 20, 24, 28, 32]);
});

test("invertIndex undoes an order", () => {
  expect([...invertIndex(Int32Array.of(2, 0, 3, 1))]).toEqual([1, 3, 0, 2]);
});

test.each([[[1, 3, 4]], [[0, 4, 4]], [[1, 4, 2.5]]] as GridThw[][])("grid [%s] is an error", (grid) => {
  expect(() => visionGeometry([grid], parseConfig(readJson("tiny_a", "config.json")).vision)).toThrow(
    "multiples of spatial_merge_size 2",
  );
});
