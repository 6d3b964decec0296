// The tfjs kernels that move elements, each against a formula per element.
import {
  concat,
  gather,
  pad,
  reshape,
  slice,
  split,
  stack,
  sub,
  tensor1d,
  tile,
  transpose,
  unstack,
} from "@tensorflow/tfjs-core";
import type { OpCase } from "./check.ts";
import { element, grid } from "./grid.ts";

const shape = [2, 3, 5];

const ids = [3, 0, 3, 3, 1];

export const moveCases: readonly OpCase[] = [
  {
    name: "tfjs gather, repeated rows",
    shapes: [[4, 2, 3]],
    forward: ([x]) => gather(x!, tensor1d(ids, "int32")),
    reference: ([x]) => grid([5, 2, 3], ([i, j, k]) => element(x!, [4, 2, 3], [ids[i!]!, j!, k!])),
  },
  {
    name: "tfjs gather along axis 1",
    shapes: [[2, 4, 3]],
    forward: ([x]) => gather(x!, tensor1d(ids, "int32"), 1),
    reference: ([x]) => grid([2, 5, 3], ([i, j, k]) => element(x!, [2, 4, 3], [i!, ids[j!]!, k!])),
  },
  ...[
    [0, 1, 2],
    [1, 0, 2],
    [2, 0, 1],
    [0, 2, 1],
  ].map((perm): OpCase => {
    const out = perm.map((axis) => shape[axis]!);
    return {
      name: `tfjs transpose, ${perm}`,
      shapes: [shape],
      forward: ([x]) => transpose(x!, perm),
      reference: ([x]) =>
        grid(out, (at) =>
          element(
            x!,
            shape,
            shape.map((_, axis) => at[perm.indexOf(axis)]!),
          ),
        ),
    };
  }),
  {
    name: "tfjs slice",
    shapes: [[3, 4, 5, 2]],
    forward: ([x]) => slice(x!, [1, 0, 2, 0], [2, 3, 2, -1]),
    reference: ([x]) => grid([2, 3, 2, 2], ([i, j, k, l]) => element(x!, [3, 4, 5, 2], [i! + 1, j!, k! + 2, l!])),
  },
  {
    name: "tfjs split, the second of [2, 3]",
    shapes: [shape],
    forward: ([x]) => split(x!, [2, 3], 2)[1]!,
    reference: ([x]) => grid([2, 3, 3], ([i, j, k]) => element(x!, shape, [i!, j!, k! + 2])),
  },
  {
    name: "tfjs concat along axis 1",
    shapes: [
      [2, 3, 5],
      [2, 1, 5],
    ],
    forward: ([a, b]) => concat([a!, b!], 1),
    reference: ([a, b]) =>
      grid([2, 4, 5], ([i, j, k]) => (j! < 3 ? element(a!, shape, [i!, j!, k!]) : element(b!, [2, 1, 5], [i!, 0, k!]))),
  },
  {
    name: "tfjs stack and unstack",
    shapes: [
      [3, 2],
      [3, 2],
    ],
    forward: ([a, b]) => sub(unstack(stack([a!, b!], 1), 1)[1]!, reshape(a!, [3, 2])),
    reference: ([a, b]) => a!.map((x, i) => b![i]! - x),
  },
  {
    name: "tfjs pad",
    shapes: [[2, 3]],
    forward: ([x]) =>
      pad(x!, [
        [1, 0],
        [2, 1],
      ]),
    reference: ([x]) => grid([3, 6], ([i, j]) => (i! < 1 || j! < 2 || j! > 4 ? 0 : x![(i! - 1) * 3 + j! - 2]!)),
  },
  {
    name: "tfjs tile",
    shapes: [[2, 3]],
    forward: ([x]) => tile(x!, [2, 2]),
    reference: ([x]) => grid([4, 6], ([i, j]) => x![(i! % 2) * 3 + (j! % 3)]!),
  },
];
