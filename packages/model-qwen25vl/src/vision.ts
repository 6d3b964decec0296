// Shape suffixes: P patches, M merged cells (P / 4), v hidden size, N heads, H head dim.

import {
  add,
  gather,
  type Rank,
  reshape,
  split,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tensor1d,
} from "@tensorflow/tfjs-core";
import { gelu, linear, rmsNorm, rotaryEmbedding, varlenAttention } from "@videor1/engine";
import type { VisionConfig } from "./config.ts";
import { gatedMlp, layer, type Observe } from "./layers.ts";
import type { MergerWeights, ModelWeights, VisionBlockWeights } from "./parameters.ts";
import type { GridThw } from "./rope-index.ts";
import { inverseFrequencies, type RotaryTables, rotaryTables } from "./rotary.ts";
import { invertIndex, visionGeometry } from "./vision-geometry.ts";

const eps = 1e-6; // independent of the text model's

export interface VisionTowerOptions {
  /** Recompute each block in the backward pass. */
  recompute?: boolean;
  /** Sees `patch_embed`, `block{i}` and `merger_windowed`. */
  observe?: Observe | undefined;
}

/** A vision tower: patches [P, channels * temporalPatchSize * patchSize^2] and grids to features [M, outHiddenSize]. */
export type VisionTower = (pixels: Tensor2D, grids: readonly GridThw[], options?: VisionTowerOptions) => Tensor2D;

/**
 * The vision transformer: patch embedding, blocks that attend inside windows (or, at `fullattBlockIndexes`, inside a frame
 * pair), and a merger of spatialMergeSize^2 patches into one feature. Features come row by row per frame pair.
 *
 * @see arXiv:2502.13923 section 2.1; huggingface/transformers v5.12.1 modeling_qwen2_5_vl.py `Qwen2_5_VisionTransformerPretrainedModel`
 */
export function visionTower(
  weights: Pick<ModelWeights, "patchEmbed" | "blocks" | "merger">,
  config: VisionConfig,
): VisionTower {
  const { hiddenSize, numHeads, spatialMergeSize, fullattBlockIndexes } = config;
  const group = spatialMergeSize ** 2;
  const frequencies = inverseFrequencies(hiddenSize / numHeads / 2, 10000);
  const rowsThenColumns = Array.from({ length: 2 * frequencies.length }, (_, f) => (f < frequencies.length ? 0 : 1));
  const tables = rotaryTables(Float32Array.of(...frequencies, ...frequencies), rowsThenColumns);

  const reorder = (x_Pv: Tensor2D, order: Int32Array | null): Tensor2D => {
    if (!order) return x_Pv;
    const cells = reshape(x_Pv, [order.length, -1]);
    return reshape(gather(cells, tensor1d(order, "int32")), x_Pv.shape);
  };

  return (pixels, grids, { recompute = false, observe } = {}) => {
    const { windowIndex, cuWindowSeqlens, cuSeqlens, hwPositionIds } = visionGeometry(grids, config);
    const patches = pixels.shape[0];
    const positions = windowIndex ? reorderPositions(hwPositionIds, windowIndex, group) : hwPositionIds;
    const rope = tables(positions, [1, patches], 1, 2);

    const embedded_Pv = linear(pixels, reshape(weights.patchEmbed, [hiddenSize, -1])) as Tensor2D;
    observe?.("patch_embed", embedded_Pv);
    let x_Pv = reorder(embedded_Pv, windowIndex);
    weights.blocks.forEach((w, i) => {
      const segments = fullattBlockIndexes.includes(i) ? cuSeqlens : cuWindowSeqlens;
      const run = ({ x, ...given }: VisionBlockWeights & RotaryTables & { x: Tensor2D }) => [
        block(x, given, numHeads, segments),
      ];
      const [y_Pv] = layer(recompute, run, { ...w, ...rope, x: x_Pv }) as [Tensor2D];
      if (i > 0) x_Pv.dispose();
      x_Pv = y_Pv;
      observe?.(`block${i}`, x_Pv);
    });
    const merged_Md = merge(x_Pv, weights.merger, group);
    observe?.("merger_windowed", merged_Md);
    return reorder(merged_Md, windowIndex && invertIndex(windowIndex));
  };
}

function block(x_Pv: Tensor2D, w: VisionBlockWeights & RotaryTables, N: number, segments: Int32Array): Tensor2D {
  const [P, v] = x_Pv.shape;
  const qkv = linear(rmsNorm(x_Pv, w["norm1.weight"], eps), w["attn.qkv.weight"], w["attn.qkv.bias"]);
  const [q, k, values] = split(qkv, 3, -1).map((part) => reshape<Rank.R3>(part, [P, N, v / N])) as [
    Tensor3D,
    Tensor3D,
    Tensor3D,
  ];
  const rotate = (x: Tensor3D) =>
    reshape<Rank.R3>(rotaryEmbedding(reshape<Rank.R4>(x, [1, P, N, v / N]), w.cos, w.sin), [P, N, v / N]);
  const attended_Pv = reshape(varlenAttention(rotate(q), rotate(k), values, segments), [P, v]);
  const y_Pv = add<Tensor2D>(x_Pv, linear(attended_Pv, w["attn.proj.weight"], w["attn.proj.bias"]));
  return add(y_Pv, gatedMlp(rmsNorm(y_Pv, w["norm2.weight"], eps), w));
}

/** Normalises each patch, then a two-layer network over the concatenated patches of a merged cell. */
function merge(x_Pv: Tensor2D, w: MergerWeights, group: number): Tensor2D {
  const [P, v] = x_Pv.shape;
  const cells: Tensor = reshape(rmsNorm(x_Pv, w["ln_q.weight"], eps), [P / group, group * v]);
  return linear(
    gelu(linear(cells, w["mlp.0.weight"], w["mlp.0.bias"])),
    w["mlp.2.weight"],
    w["mlp.2.bias"],
  ) as Tensor2D;
}

/** [P, 2] positions in the windowed order: the patches of cell windowIndex[0], then those of windowIndex[1], ... */
function reorderPositions(positions: Int32Array, windowIndex: Int32Array, group: number): Int32Array {
  const out = new Int32Array(positions.length);
  windowIndex.forEach((cell, place) => {
    out.set(positions.subarray(2 * group * cell, 2 * group * (cell + 1)), 2 * group * place);
  });
  return out;
}
