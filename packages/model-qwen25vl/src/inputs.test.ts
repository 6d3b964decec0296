import { join } from "node:path";
import { slice } from "@tensorflow/tfjs-core";
import { initEngine } from "@videor1/engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caseInputs, golden, goldenCase, maxDifference } from "../test/golden-case.ts";
import { ModelInputError } from "./errors.ts";
import type { ModelInputs, Rows } from "./inputs.ts";
import { loadModel, type Qwen25VL } from "./model.ts";

let model: Qwen25VL;
beforeAll(async () => {
  await initEngine({ backend: "wasm" });
  model = await loadModel(join(golden, "tiny_a"));
});
afterAll(() => model.dispose());

const of = goldenCase("tiny_a", "batch_left");
const ids = (rows: number[][]): Rows<Int32Array> => ({
  data: Int32Array.from(rows.flat()),
  shape: [rows.length, rows[0]!.length],
});
const zeros = (rows: number, columns: number): Rows<Float32Array> => ({
  data: new Float32Array(rows * columns),
  shape: [rows, columns],
});

describe("inputs that contradict one another are errors", () => {
  test.each<[string, (inputs: ModelInputs) => ModelInputs, string, string]>([
    [
      "an id beyond the vocabulary",
      (inputs) => ({ ...inputs, inputIds: ids([[1, 600]]), attentionMask: ids([[1, 1]]) }),
      "TOKEN_RANGE",
      "600 at index 1",
    ],
    [
      "a mask of another shape",
      (inputs) => ({ ...inputs, attentionMask: ids([[1, 1]]) }),
      "SHAPE",
      "attentionMask [1,2]",
    ],
    [
      "pixels without grids",
      ({ imageGridThw: _, ...inputs }) => inputs,
      "VISION_MISMATCH",
      "image pixels but no grids",
    ],
    [
      "grids without pixels",
      ({ pixelValuesVideos: _, ...inputs }) => inputs,
      "VISION_MISMATCH",
      "video grids but no pixels",
    ],
    [
      "too few patches",
      (inputs) => ({ ...inputs, pixelValues: zeros(8, 1176) }),
      "VISION_MISMATCH",
      "which need [16,1176]",
    ],
    [
      "patches of another size",
      (inputs) => ({ ...inputs, pixelValues: zeros(16, 588) }),
      "VISION_MISMATCH",
      "image pixels [16,588]",
    ],
    [
      "an image too many",
      (inputs) => ({
        ...inputs,
        imageGridThw: ids([
          [1, 4, 4],
          [1, 2, 2],
        ]),
        pixelValues: zeros(20, 1176),
      }),
      "VISION_MISMATCH",
      "2 image grids, but placeholder tokens of 1",
    ],
    [
      "placeholders without pixels",
      ({ pixelValues: _, imageGridThw: __, ...inputs }) => inputs,
      "VISION_MISMATCH",
      "only 0 image grids",
    ],
    [
      "seconds of another count",
      (inputs) => ({ ...inputs, secondPerGridTs: Float32Array.of(1, 1) }),
      "SHAPE",
      "secondPerGridTs [2] for 1 videos",
    ],
    [
      "fewer numbers than the shape says",
      (inputs) => ({ ...inputs, pixelValues: { ...inputs.pixelValues!, data: new Float32Array(1176) } }),
      "SHAPE",
      "pixelValues has 1176 numbers where its shape [16,1176] needs 18816",
    ],
    [
      "arrays that were transferred to another thread",
      (inputs) => ({ ...inputs, inputIds: { ...inputs.inputIds, data: new Int32Array() } }),
      "SHAPE",
      "Were its arrays transferred",
    ],
  ])("%s", (_, change, code, message) => {
    const call = () => model.forward(change(caseInputs(of)));
    expect(call).toThrow(message);
    expect(call).toThrow(expect.objectContaining({ name: "ModelInputError", code, hint: expect.any(String) }));
    expect(call).toThrow(ModelInputError);
  });
});

test("rows do not see one another, nor their padding", () => {
  const together = model.forward(caseInputs(of)).logits;
  const { data: mask, shape } = of.stored("in.attention_mask");
  const [B, L] = shape as [number, number];
  const V = together.shape[2];
  const { inputIds, pixelValues, imageGridThw, pixelValuesVideos, videoGridThw, secondPerGridTs } = caseInputs(of);
  const vision: Partial<ModelInputs>[] = [
    { pixelValues: pixelValues!, imageGridThw: imageGridThw! },
    { pixelValuesVideos: pixelValuesVideos!, videoGridThw: videoGridThw!, secondPerGridTs: secondPerGridTs! },
    {},
  ];
  for (let b = 0; b < B; b++) {
    const start = mask.indexOf(1, b * L) - b * L;
    const alone = model.forward({
      ...vision[b],
      inputIds: ids([[...inputIds.data.subarray(b * L + start, (b + 1) * L)]]),
    }).logits;
    const same = slice(together, [b, start, 0], [1, L - start, V]);
    expect(maxDifference(alone.dataSync(), same.dataSync())).toBeLessThan(2e-5);
  }
});
