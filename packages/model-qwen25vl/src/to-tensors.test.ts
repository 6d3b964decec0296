import { dispose, memory } from "@tensorflow/tfjs-core";
import { initEngine } from "@videor1/engine";
import type { ProcessedInputs } from "@videor1/processor-qwen25vl";
import { beforeAll, expect, test } from "vitest";
import { toTensors } from "./to-tensors.ts";

beforeAll(() => initEngine({ backend: "wasm" }));

const text: ProcessedInputs = {
  texts: ["a", "b"],
  inputIds: { data: Int32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] },
  attentionMask: { data: Int32Array.of(0, 1, 1, 1, 1, 1), shape: [2, 3] },
  mmTokenTypeIds: { data: new Int32Array(6), shape: [2, 3] },
};

test("values, shapes and types arrive, and nothing else is allocated", () => {
  const before = memory().numTensors;
  const tensors = toTensors({
    ...text,
    pixelValuesVideos: { data: Float32Array.of(0.5, -0.25), shape: [1, 2] },
    videoGridThw: { data: Int32Array.of(1, 2, 3), shape: [1, 3] },
    secondPerGridTs: Float32Array.of(1.5),
  });
  const seen = Object.entries(tensors).map(([name, tensor]) => [name, tensor.dtype, tensor.arraySync()]);
  expect(seen).toEqual([
    [
      "inputIds",
      "int32",
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    [
      "attentionMask",
      "int32",
      [
        [0, 1, 1],
        [1, 1, 1],
      ],
    ],
    ["pixelValuesVideos", "float32", [[0.5, -0.25]]],
    ["videoGridThw", "int32", [[1, 2, 3]]],
    ["secondPerGridTs", "float32", [1.5]],
  ]);
  expect(memory().numTensors - before).toBe(5);
  dispose(Object.values(tensors));
});

test("without images and videos there are no such inputs", () => {
  const tensors = toTensors(text);
  expect(Object.keys(tensors)).toEqual(["inputIds", "attentionMask"]);
  dispose(Object.values(tensors));
});
