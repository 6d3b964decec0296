// Products, convolutions, pooling, and kernels that run on tfjs' cpu backend, against tfjs' own "cpu" backend.
import * as tf from "@tensorflow/tfjs-core";
import { asOnCpu, grid, type Row, withGradients } from "../../test/against-cpu.ts";

const productRows: Row[] = [
  ...[false, true].flatMap((a) =>
    [false, true].map(
      (b): Row => [
        `matMul, transposed ${a} ${b}`,
        () => tf.matMul(grid(a ? [3, 2] : [2, 3]), grid(b ? [4, 3] : [3, 4]), a, b),
      ],
    ),
  ),
  ["matMul, broadcast", () => tf.matMul(grid([2, 5, 3, 4]), grid([4, 2]))],
  ["matMul of nothing", () => tf.matMul(tf.zeros([0, 3]), grid([3, 2]))],
  ["matMul over nothing", () => tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3]))],
  ["dot", () => tf.dot(grid([3]), grid([3]))],
  ["outerProduct", () => tf.outerProduct(grid([3]) as tf.Tensor1D, grid([2]) as tf.Tensor1D)],
  ["einsum", () => tf.einsum("bij,bjk->bik", grid([2, 3, 4]), grid([2, 4, 2]))],
  ["einsum, one operand", () => tf.einsum("ij->j", grid([3, 4]))],
  ...(["linear", "relu", "relu6", "elu", "sigmoid", "prelu", "leakyrelu"] as const).map(
    (activation): Row => [
      `fused matMul with ${activation}`,
      () =>
        tf.fused.matMul({
          a: grid([2, 3]),
          b: grid([3, 2]),
          transposeA: false,
          transposeB: false,
          bias: tf.tensor1d([1, -2]),
          activation,
          preluActivationWeights: tf.tensor1d([0.3, 0.4]),
          leakyreluAlpha: 0.1,
        }),
    ],
  ),
];

const image = () => grid([2, 7, 6, 3]);
const volume = () => grid([1, 4, 5, 6, 2]);
const paddings = ["valid", "same"] as const;

const convolutionRows: Row[] = paddings.flatMap((pad): Row[] => [
  ...[1, 2].flatMap((stride): Row[] => [
    [
      `conv2d, ${pad}, stride ${stride}`,
      () =>
        withGradients(
          (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad),
          image(),
          grid([3, 2, 3, 4]),
        ),
    ],
    [
      `depthwiseConv2d, ${pad}, stride ${stride}`,
      () =>
        withGradients(
          (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad),
          image(),
          grid([3, 3, 3, 2]),
        ),
    ],
    [
      `maxPool, ${pad}, stride ${stride}`,
      () => withGradients((x) => tf.maxPool(x as tf.Tensor4D, [3, 2], stride, pad), image()),
    ],
    [
      `avgPool, ${pad}, stride ${stride}`,
      () => withGradients((x) => tf.avgPool(x as tf.Tensor4D, [3, 2], stride, pad), image()),
    ],
  ]),
  [
    `conv2d, ${pad}, dilated`,
    () => tf.conv2d(image() as tf.Tensor4D, grid([3, 2, 3, 4]) as tf.Tensor4D, 1, pad, "NHWC", 2),
  ],
  [
    `conv3d, ${pad}`,
    () =>
      withGradients((x, w) => tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, 2, pad), volume(), grid([2, 3, 2, 2, 3])),
  ],
  [`maxPool3d, ${pad}`, () => withGradients((x) => tf.maxPool3d(x as tf.Tensor5D, 2, 2, pad), volume())],
  [`avgPool3d, ${pad}`, () => withGradients((x) => tf.avgPool3d(x as tf.Tensor5D, 2, 2, pad), volume())],
]);

/** Some of the kernels that run on tfjs' cpu backend: they test the copies there and back. */
const fallbackRows: Row[] = [
  ["resizeBilinear", () => tf.image.resizeBilinear(image() as tf.Tensor4D, [3, 9])],
  ["unique", () => Object.values(tf.unique(tf.tensor1d([3, 1, 3, 2], "int32")))],
  ["bincount", () => tf.bincount(tf.tensor1d([1, 1, 3], "int32"), tf.tensor1d([]), 4)],
];

await asOnCpu("products", productRows);
await asOnCpu("convolutions", convolutionRows);
await asOnCpu("kernels that run there", fallbackRows);
