import { grad, type Tensor, type Tensor3D, type Tensor4D } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import * as reference from "../../test/reference.ts";
import { errorsAgainst, floats, leaked, normals, relativeError } from "../../test/support.ts";
import { initEngine } from "../backend.ts";
import { rotaryEmbedding } from "../ops/rotary-embedding.ts";

beforeAll(async () => void (await initEngine({ backend: "wasm" })));

test.each([
  { B: 2, T: 5, N: 3, H: 8, tables: 2, why: "one step per half" },
  { B: 1, T: 3, N: 2, H: 12, tables: 1, why: "a half of 6: partial step" },
  { B: 3, T: 4, N: 1, H: 2, tables: 1, why: "smallest, one table for all rows" },
  { B: 2, T: 2, N: 5, H: 80, tables: 2, why: "the vision tower's head dim" },
])("value and gradient at B=$B T=$T N=$N H=$H: $why", ({ B, T, N, H, tables }) => {
  const next = normals(3);
  const angles = next(tables * T * (H / 2), 3);
  const [cos, sin] = [angles.map(Math.cos), angles.map(Math.sin)].map((x) => x.map(Math.fround));
  const shape = [tables, T, H / 2];
  const tensors = [floats<Tensor3D>(cos!, shape), floats<Tensor3D>(sin!, shape)] as const;
  const { value, gradients } = errorsAgainst(
    (x) => reference.rotaryEmbedding(x!, cos!, sin!, N, H),
    (x) => rotaryEmbedding(x as Tensor4D, ...tensors),
    [{ values: next(B * T * N * H), shape: [B, T, N, H] }],
  );
  expect(value).toBeLessThan(2e-7);
  expect(gradients[0]).toBeLessThan(2e-7);
});

test("the gradient turns back: it is the inverse rotation", () => {
  const next = normals(4);
  const angles = next(3 * 4);
  const [cos, sin] = [angles.map(Math.cos), angles.map(Math.sin)].map((x) => floats<Tensor3D>(x, [1, 3, 4]));
  const x = next(3 * 2 * 8);
  const rotated = rotaryEmbedding(floats(x, [1, 3, 2, 8]), cos!, sin!);
  const back = grad((y: Tensor) => rotaryEmbedding(y as Tensor4D, cos!, sin!))(rotated, rotated);
  expect(relativeError(back, x)).toBeLessThan(3e-7);
});

test("200 calls with gradients leave nothing behind", () => {
  const x = floats(normals(5)(2 * 3 * 2 * 6), [2, 3, 2, 6]);
  const table = floats<Tensor3D>(normals(6)(3 * 3), [1, 3, 3]);
  const op = (y: Tensor) => rotaryEmbedding(y as Tensor4D, table, table);
  expect(leaked(() => void grad(op)(x, x))).toEqual({ tensors: 0, buffers: 0 });
});
