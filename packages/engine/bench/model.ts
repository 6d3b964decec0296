// A decoder over a vision tower at the miniature's sizes, random weights: the load that the bench and the profile run.
// Shape suffixes: B rows, T tokens, P patches, d hidden size, N heads, H head dim, V vocabulary.
import {
  add,
  cos,
  gather,
  mean,
  mul,
  neg,
  randomNormal,
  randomUniform,
  reshape,
  type Scalar,
  sin,
  slice,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tidy,
  type Variable,
  variable,
} from "@tensorflow/tfjs-core";
import { attention } from "../src/ops/attention.ts";
import { linear } from "../src/ops/linear.ts";
import { rmsNorm } from "../src/ops/rms-norm.ts";
import { rotaryEmbedding } from "../src/ops/rotary-embedding.ts";
import { swiglu } from "../src/ops/swiglu.ts";
import { tokenLogps } from "../src/ops/token-logps.ts";
import { varlenAttention } from "../src/ops/varlen-attention.ts";

const text = { hidden: 128, layers: 3, heads: 4, kvHeads: 2, inter: 320, vocabulary: 130, rows: 32, tokens: 62 };
const vision = { hidden: 64, layers: 2, heads: 4, inter: 128, patch: 1176, patches: 2048, merge: 4 };

export interface BenchModel {
  params: Record<string, Variable>;
  loss(): Scalar;
}

export function createBenchModel(): BenchModel {
  const params: Record<string, Variable> = {};
  const weight = (name: string, ...shape: number[]) => {
    params[name] ??= variable(randomNormal(shape, 0, 0.7 / Math.sqrt(shape.at(-1)!)));
    return params[name] as Tensor;
  };
  const dense = (x: Tensor, name: string, inSize: number, outSize: number, bias = false) =>
    linear(
      x,
      weight(`${name}.weight`, outSize, inSize) as Tensor2D,
      bias ? (weight(`${name}.bias`, outSize) as Tensor1D) : undefined,
    );
  const norm = <T extends Tensor>(x: T, name: string) => rmsNorm(x, weight(name, x.shape.at(-1)!) as Tensor1D, 1e-6);

  const { rows: B, tokens: T } = text;
  const pixels_PD = randomNormal([vision.patches, vision.patch]);
  const visionAngles = randomNormal([1, vision.patches, vision.hidden / vision.heads / 2]);
  const textAngles = randomNormal([B, T, text.hidden / text.heads / 2]);
  const [visionCos, visionSin] = [cos(visionAngles), sin(visionAngles)] as [Tensor3D, Tensor3D];
  const [textCos, textSin] = [cos(textAngles), sin(textAngles)] as [Tensor3D, Tensor3D];
  const windows = [4, 16].map((size) => Int32Array.from({ length: vision.patches / size + 1 }, (_, i) => i * size));
  const ids = randomUniform([B * T], 0, text.vocabulary, "int32") as Tensor1D;

  const split = (x_Pd: Tensor, part: number, heads: number, parts: number) => {
    const [P, width] = x_Pd.shape as [number, number];
    const size = width / parts;
    return reshape(slice(x_Pd, [0, part * size], [P, size]), [1, P, heads, size / heads]) as Tensor4D;
  };

  function visionBlock(x_Pd: Tensor, layer: number): Tensor {
    const { hidden, heads, inter, patches } = vision;
    const qkv = dense(norm(x_Pd, `v${layer}.norm1`), `v${layer}.qkv`, hidden, 3 * hidden, true);
    const [q, k, v] = [0, 1, 2].map((part) => {
      const heads_1PNH = split(qkv, part, heads, 3);
      return reshape(part < 2 ? rotaryEmbedding(heads_1PNH, visionCos, visionSin) : heads_1PNH, [
        patches,
        heads,
        hidden / heads,
      ]);
    }) as [Tensor3D, Tensor3D, Tensor3D];
    const a_Pd = reshape(varlenAttention(q, k, v, windows[layer % 2]!), [patches, hidden]);
    const h_Pd = add(x_Pd, dense(a_Pd, `v${layer}.proj`, hidden, hidden, true));
    const n_Pd = norm(h_Pd, `v${layer}.norm2`);
    const gate = dense(n_Pd, `v${layer}.gate`, hidden, inter, true);
    const up = dense(n_Pd, `v${layer}.up`, hidden, inter, true);
    return add(h_Pd, dense(swiglu(gate, up), `v${layer}.down`, inter, hidden, true));
  }

  function textBlock(x_BTd: Tensor3D, layer: number): Tensor3D {
    const { hidden, heads, kvHeads, inter } = text;
    const H = hidden / heads;
    const n_BTd = norm(x_BTd, `t${layer}.norm1`);
    const project = (name: string, count: number) =>
      reshape(dense(n_BTd, `t${layer}.${name}`, hidden, count * H, true), [B, T, count, H]) as Tensor4D;
    const q = rotaryEmbedding(project("q", heads), textCos, textSin);
    const k = rotaryEmbedding(project("k", kvHeads), textCos, textSin);
    const a_BTd = reshape(attention(q, k, project("v", kvHeads), { causal: true }), [B, T, hidden]);
    const h_BTd = add(x_BTd, dense(a_BTd, `t${layer}.o`, hidden, hidden));
    const m_BTd = norm(h_BTd, `t${layer}.norm2`);
    const y_BTd = swiglu(dense(m_BTd, `t${layer}.gate`, hidden, inter), dense(m_BTd, `t${layer}.up`, hidden, inter));
    return add(h_BTd, dense(y_BTd, `t${layer}.down`, inter, hidden)) as Tensor3D;
  }

  function loss(): Scalar {
    let patches = dense(pixels_PD, "patch", vision.patch, vision.hidden);
    for (let layer = 0; layer < vision.layers; layer++) patches = visionBlock(patches, layer);
    const merged = dense(
      reshape(patches, [vision.patches / vision.merge, vision.hidden * vision.merge]),
      "merger",
      vision.hidden * vision.merge,
      text.hidden,
      true,
    );
    const embedding = weight("embedding", text.vocabulary, text.hidden) as Tensor2D;
    const embedded_Td = gather(embedding, ids);
    const imageTokens = slice(embedded_Td, [0, 0], [merged.shape[0]!, text.hidden]);
    // Every token also reads an image token, so that the whole tower takes part.
    const first = add(imageTokens, merged);
    let x = reshape(add(embedded_Td, gather(first, remainder)), [B, T, text.hidden]) as Tensor3D;
    for (let layer = 0; layer < text.layers; layer++) x = textBlock(x, layer);
    const { logps } = tokenLogps(reshape(norm(x, "norm"), [B * T, text.hidden]) as Tensor2D, embedding, ids);
    return neg(mean(mul(logps, 1))) as Scalar;
  }
  const remainder = randomUniform([B * T], 0, vision.patches / vision.merge, "int32") as Tensor1D;

  tidy(loss).dispose(); // makes the parameters
  return { params, loss };
}
