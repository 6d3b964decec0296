import { engine, gather, matMul, ones, type TensorInfo, tensor1d } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { initEngine } from "../backend.ts";
import { type Check, checkOp } from "../conformance/check.ts";
import { kernelOpCases } from "../conformance/kernel-op-cases.ts";
import { moveCases } from "../conformance/move-cases.ts";
import { opCases } from "../conformance/op-cases.ts";
import { makeOutput, ptr } from "./module.ts";

await initEngine({ backend: "wasm" });

const check: Check = {
  tolerance: { relative: 2e-5, absolute: 2e-6 },
  equal: (actual, expected) => expect(actual).toEqual(expected),
};

const MiB = 2 ** 20;

/**
 * Fills the heap with untouched blocks of each size in turn until one lies at or above `limit`; runs `body`; frees them.
 * Small blocks fill the gaps that large ones leave.
 */
function withFullHeap(blockBytes: number[], limit: number, body: () => void): void {
  const held: TensorInfo[] = [];
  try {
    for (const bytes of blockBytes) {
      do held.push(makeOutput([bytes / 4], "float32"));
      while (ptr(held.at(-1)!) < limit);
    }
    body();
  } finally {
    for (const { dataId } of held) engine().backend.disposeData(dataId);
  }
}

describe("the heap", () => {
  test("addresses beyond 2 GiB are addresses like others", () => {
    withFullHeap([256 * MiB, 16 * MiB, MiB, MiB / 16, MiB / 256, 256], 2 ** 31, () => {
      for (const opCase of [...opCases, ...kernelOpCases, ...moveCases]) checkOp(check, opCase);
    });
  });

  test("a full heap is an error, not a write to address 0", () => {
    const fill = () => withFullHeap([256 * MiB], Number.POSITIVE_INFINITY, () => undefined);
    expect(fill).toThrow(expect.objectContaining({ name: "EngineError", code: "OUT_OF_MEMORY" }));
    expect([...ones([3]).dataSync()]).toEqual([1, 1, 1]);
  });
});

describe("errors name both numbers", () => {
  test("matMul", () => {
    expect(() => matMul(ones([2, 3]), ones([4, 5]))).toThrow(/inner sizes 3 of a .* and 4 of b/);
  });

  test.each([-1, 4])("gather of row %i of 4", (id) => {
    expect(() => gather(ones([4, 2]), tensor1d([0, id], "int32"))).toThrow("indices[1] is not in [0, 4)");
  });
});
