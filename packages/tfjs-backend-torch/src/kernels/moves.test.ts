// Kernels that move elements, against tfjs' own "cpu" backend.
import * as tf from "@tensorflow/tfjs-core";
import { asOnCpu, bools, grid, type Row, whole } from "../../test/against-cpu.ts";

const moveRows: Row[] = [
  ["transpose", () => [tf.transpose(grid([2, 3, 4]), [2, 0, 1]), tf.transpose(grid([2, 3], "int32"))]],
  ["reshape of a transpose", () => tf.reshape(tf.transpose(grid([2, 3, 4]), [1, 0, 2]), [3, 8])],
  ["rank 6", () => tf.transpose(grid([1, 2, 1, 3, 2, 2]), [5, 3, 1, 0, 4, 2])],
  ["slice", () => [tf.slice(grid([3, 4, 5]), [1, 0, 2], [2, 3, -1]), tf.slice(bools(), 1, 2)]],
  ["slice of nothing", () => tf.slice(grid([3, 4]), [1, 2], [0, 2])],
  ["stridedSlice", () => tf.stridedSlice(grid([5, 6]), [1, 0], [5, 6], [2, 3])],
  ["stridedSlice downwards", () => tf.stridedSlice(grid([5, 6]), [4, 5], [0, -7], [-2, -1])],
  ["stridedSlice with masks", () => tf.stridedSlice(grid([5, 6]), [1, 1], [3, 2], [1, 1], 1, 0, 0, 0, 2)],
  ["split", () => [...tf.split(grid([4, 6]), 3, 1), ...tf.split(grid([4, 6]), [1, 3], 0)]],
  ["concat", () => [tf.concat([grid([2, 3]), grid([2, 1])], 1), tf.concat([whole(), whole()])]],
  ["concat with nothing", () => tf.concat([tf.zeros([0, 3]), grid([2, 3])], 0)],
  ["stack", () => [tf.stack([grid([2, 3]), grid([2, 3])], 1), tf.stack([tf.scalar(1), tf.scalar(2)])]],
  ["unstack", () => tf.unstack(grid([2, 3, 2]), 1)],
  ["tile", () => [tf.tile(grid([2, 3]), [2, 3]), tf.tile(bools(), [2])]],
  ["broadcastTo", () => tf.broadcastTo(grid([3, 1]), [2, 3, 4])],
  [
    "pad",
    () =>
      tf.pad(
        grid([2, 3]),
        [
          [1, 0],
          [2, 1],
        ],
        7,
      ),
  ],
  [
    "pad of int32",
    () =>
      tf.pad(grid([2, 3], "int32"), [
        [0, 1],
        [1, 0],
      ]),
  ],
  [
    "mirrorPad, reflect",
    () =>
      tf.mirrorPad(
        grid([3, 4]),
        [
          [1, 2],
          [3, 0],
        ],
        "reflect",
      ),
  ],
  [
    "mirrorPad, symmetric",
    () =>
      tf.mirrorPad(
        grid([3, 4]),
        [
          [1, 3],
          [4, 0],
        ],
        "symmetric",
      ),
  ],
  ["reverse", () => [tf.reverse(grid([2, 3, 2])), tf.reverse(grid([2, 3, 2]), [1])]],
  ["expandDims and squeeze", () => [tf.expandDims(grid([2, 3]), 1), tf.squeeze(grid([2, 1, 3]))]],
  ["clone", () => tf.clone(grid([2, 3]))],
];

const indexingRows: Row[] = [
  ["gather", () => tf.gather(grid([4, 3, 2]), tf.tensor1d([3, 0, 3], "int32"))],
  ["gather along an axis", () => tf.gather(grid([4, 3, 2]), tf.tensor2d([2, 0, 1, 1], [2, 2], "int32"), 1)],
  ["gather of nothing", () => tf.gather(grid([4, 3]), tf.tensor1d([], "int32"))],
  ["gather in batches", () => tf.gather(grid([2, 4, 3]), tf.tensor2d([2, 0, 3, 3], [2, 2], "int32"), 1, 1)],
  ["gatherND", () => tf.gatherND(grid([3, 4, 2]), tf.tensor2d([0, 1, 2, 3], [2, 2], "int32"))],
  ["scatterND adds up", () => tf.scatterND(tf.tensor2d([1, 3, 1], [3, 1], "int32"), grid([3, 2]), [5, 2])],
  [
    "tensorScatterUpdate",
    () => tf.tensorScatterUpdate(grid([4, 2]), tf.tensor2d([1, 3], [2, 1], "int32"), tf.ones([2, 2])),
  ],
  ["sparseToDense", () => tf.sparseToDense(tf.tensor1d([1, 3], "int32"), tf.tensor1d([5, 6]), [5], tf.scalar(-1))],
  [
    "oneHot",
    () => [tf.oneHot(tf.tensor2d([2, 0, 5, -1], [2, 2], "int32"), 3), tf.oneHot(whole(), 3, 0.5, 2, "float32")],
  ],
  [
    "unsortedSegmentSum",
    () => tf.unsortedSegmentSum(grid([4, 3]), tf.tensor1d([1, 0, 1, -1], "int32") as tf.Tensor1D, 3),
  ],
];

await asOnCpu("moves", moveRows);
await asOnCpu("indexing", indexingRows);
