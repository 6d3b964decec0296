// Products and attention of odd shapes with the instruction set that VIDEOR1_TORCH_CPU_CAPABILITY names; prints what was used
// and the largest differences from sums in float64, as JSON.
import { randomUniform, setBackend, slice, type Tensor1D, type Tensor2D, type Tensor4D } from "@tensorflow/tfjs-core";
import { attention, initEngine, linear } from "@videor1/engine";
import { setTorchThreads, torchInfo } from "../src/index.ts";

await initEngine({ backend: "torch" });
await setBackend("torch");
setTorchThreads(1);

const values = (tensor: Tensor2D | Tensor1D | Tensor4D) => tensor.dataSync<"float32">();
const largest = (own: Float32Array, expected: (i: number) => number) =>
  own.reduce((worst, y, i) => {
    const difference = Math.abs(y - expected(i));
    return difference <= worst ? worst : difference; // NaN stays
  }, 0);

/** Every count of rows up to one more than the loops take, columns and depths with and without a remainder. */
function products(): { worst: number; dependsOnOtherRows: number } {
  let worst = 0;
  let dependsOnOtherRows = 0;
  for (const depth of [16, 48, 50, 112]) {
    for (const columns of [1, 2, 3, 4, 5, 7, 8, 50]) {
      const weight: Tensor2D = randomUniform([columns, depth], -1, 1, "float32", 2);
      const bias: Tensor1D = randomUniform([columns], -1, 1, "float32", 3);
      const [w, b] = [values(weight), values(bias)];
      let first: Float32Array | undefined;
      for (let rows = 1; rows <= 17; rows++) {
        const x: Tensor2D = randomUniform([17, depth], -1, 1, "float32", 1);
        const some = slice(x, [0, 0], [rows, depth]);
        const at = values(some);
        const sum = (i: number) => {
          const [row, column] = [Math.floor(i / columns), i % columns];
          let total = 0;
          for (let d = 0; d < depth; d++) total += at[row * depth + d]! * w[column * depth + d]!;
          return total;
        };
        const own = values(linear(some, weight) as Tensor2D);
        worst = Math.max(worst, largest(own, sum));
        worst = Math.max(
          worst,
          largest(values(linear(some, weight, bias) as Tensor2D), (i) => sum(i) + b[i % columns]!),
        );
        first ??= own;
        if (depth % 16 === 0 && rows <= 16 && first.some((y, i) => y !== own[i])) dependsOnOtherRows++;
      }
    }
  }
  return { worst, dependsOnOtherRows };
}

/** Causal attention of T positions of one head: every remainder of the tiles' rows and columns. */
function attentions(): number {
  const H = 20;
  let worst = 0;
  for (let T = 1; T <= 21; T++) {
    const [q, k, v] = [1, 2, 3].map((seed) => randomUniform([1, T, 1, H], -2, 2, "float32", seed) as Tensor4D);
    const [atQ, atK, atV] = [values(q!), values(k!), values(v!)];
    const own = values(attention(q!, k!, v!, { causal: true }) as Tensor4D);
    const expected = (i: number) => {
      const [t, h] = [Math.floor(i / H), i % H];
      let total = 0;
      let weighted = 0;
      for (let s = 0; s <= t; s++) {
        let score = 0;
        for (let d = 0; d < H; d++) score += atQ[t * H + d]! * atK[s * H + d]!;
        const weight = Math.exp(score / Math.sqrt(H));
        total += weight;
        weighted += weight * atV[s * H + h]!;
      }
      return weighted / total;
    };
    worst = Math.max(worst, largest(own, expected));
  }
  return worst;
}

console.log(JSON.stringify({ used: torchInfo().cpuCapability, ...products(), attention: attentions() }));
