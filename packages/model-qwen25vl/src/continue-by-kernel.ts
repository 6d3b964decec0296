// Shapes: A active rows, B prompts, L their tokens, T steps, K key/value heads, H head dim.

import {
  dispose,
  gather,
  pad,
  slice,
  type Tensor3D,
  type Tensor4D,
  tensor1d,
  tensor2d,
  tidy,
  variable,
} from "@tensorflow/tfjs-core";
import { decodeGqaSteps, type GqaBlock } from "@videor1/engine";
import { keyOf } from "@videor1/random";
import type { Continuation } from "./continuation.ts";
import type { KeyValues } from "./decoder.ts";
import type { GenerationRow } from "./generation-rows.ts";
import { disposeKvCache, type KvCache } from "./kv-cache.ts";
import { type TextLayerWeights, type TextLinear, textLinears } from "./parameters.ts";
import type { RotaryTables } from "./rotary.ts";
import { unfinishedBatch } from "./unfinished-batch.ts";

/**
 * The decode loop inside the backend. The prompts' keys and values stay as they are, shared by the rows of a prompt;
 * each row has a cache for its own tokens alone. The backend decides how many tokens one call draws; between two calls
 * finished rows leave the batch, and the abort signal is read.
 */
export async function continueByKernel(
  rows: readonly GenerationRow[],
  { network, prompts, keyValues, nextPositions, options }: Continuation,
): Promise<void> {
  const { maxNewTokens, eosTokenIds, signal } = options;
  const { doSample = true, temperature = 1, topP = 1, topK = 0, repetitionPenalty = 1 } = options;
  const { config, weights } = network;
  const { batch, length, attentionMask, padded } = prompts;
  let active = rows;
  const room = maxNewTokens - 1;
  let cache: KvCache = { layers: [], keyMask: undefined };
  let tables: RotaryTables | undefined;
  try {
    cache = ownCache(keyValues, active, room);
    const { cos, sin } = network.rotary(positionsAhead(nextPositions, batch, room), [room, batch], room * batch);
    tables = { cos, sin };
    for (let n = 1; n < maxNewTokens; ) {
      const unfinished = await unfinishedBatch({ active, cache }, signal);
      if (!unfinished) break;
      ({ active, cache } = unfinished);
      const A = active.length;
      const promptOf = active.map(({ prompt }) => prompt);
      const ahead = (table_TBF: Tensor3D) => gather(slice(table_TBF, [n - 1, 0, 0]), tensor1d(promptOf, "int32"), 1);
      const { ids, logps } = tidy(() =>
        decodeGqaSteps(
          {
            embedding: weights.embedTokens,
            norm: weights.norm,
            head: weights.lmHead,
            layers: weights.layers.map((w, i) => gqaBlock(w, keyValues[i]!, cache.layers[i]!)),
            adapterScale: weights.adapterScale,
            cos: ahead(cos),
            sin: ahead(sin),
            promptMask: padded ? tensor2d(attentionMask, [batch, length], "int32") : undefined,
          },
          {
            rows: active.map((row) => ({ ...row, lastId: row.ids.at(-1)!, seed: keyOf(row.seed) })),
            queryHeads: config.text.numAttentionHeads,
            kvHeads: config.text.numKeyValueHeads,
            eps: config.text.rmsNormEps,
            column: n - 1,
            firstDraw: n,
            stopIds: eosTokenIds,
            sampling: { doSample, temperature, topP, topK, repetitionPenalty },
          },
        ),
      );
      const [drawn, drawnLogps] = [await ids.data<"int32">(), await logps.data<"float32">()];
      dispose([ids, logps]);
      drawn.forEach((id, i) => {
        const row = active[i % A]!;
        if (id < 0) return;
        row.ids.push(id);
        row.logps.push(drawnLogps[i]!);
        if (repetitionPenalty !== 1) row.seen.add(id);
        row.finished = eosTokenIds.includes(id);
      });
      n += ids.shape[0];
    }
  } finally {
    if (tables) dispose([tables.cos, tables.sin]);
    disposeKvCache(cache);
    for (const { k, v } of keyValues) dispose([k, v]);
  }
}

/** int32 [3, T, B]: positions of the tokens that follow each prompt, by axis. */
function positionsAhead(next: Int32Array, batch: number, count: number): Int32Array {
  const positions = new Int32Array(3 * count * batch);
  for (let axis = 0, i = 0; axis < 3; axis++)
    for (let t = 0; t < count; t++)
      for (let prompt = 0; prompt < batch; prompt++, i++) positions[i] = next[axis * batch + prompt]! + t;
  return positions;
}

/** A cache for `room` tokens of each row, in the prompts' storage type. */
function ownCache(keyValues: readonly KeyValues[], rows: readonly GenerationRow[], room: number): KvCache {
  return tidy(() => {
    const promptOf = tensor1d(
      rows.map((row) => row.prompt),
      "int32",
    );
    const empty = (x_BLKH: Tensor4D) => {
      const none = gather(slice(x_BLKH, [0, 0, 0, 0], [-1, 0, -1, -1]), promptOf);
      const padding: [number, number][] = [
        [0, 0],
        [0, room],
        [0, 0],
        [0, 0],
      ];
      return variable(pad(none, padding), false);
    };
    return { layers: keyValues.map(({ k, v }) => ({ k: empty(k), v: empty(v) })), keyMask: undefined };
  });
}

const shortNames = {
  "self_attn.q_proj": "q",
  "self_attn.k_proj": "k",
  "self_attn.v_proj": "v",
  "self_attn.o_proj": "o",
  "mlp.gate_proj": "gate",
  "mlp.up_proj": "up",
  "mlp.down_proj": "down",
} as const satisfies Record<TextLinear, string>;

const gqaBlock = (w: TextLayerWeights, prompt: KeyValues, own: KvCache["layers"][number]): GqaBlock => ({
  inputNorm: w["input_layernorm.weight"],
  qWeight: w["self_attn.q_proj.weight"],
  qBias: w["self_attn.q_proj.bias"],
  kWeight: w["self_attn.k_proj.weight"],
  kBias: w["self_attn.k_proj.bias"],
  vWeight: w["self_attn.v_proj.weight"],
  vBias: w["self_attn.v_proj.bias"],
  oWeight: w["self_attn.o_proj.weight"],
  postNorm: w["post_attention_layernorm.weight"],
  gateWeight: w["mlp.gate_proj.weight"],
  upWeight: w["mlp.up_proj.weight"],
  downWeight: w["mlp.down_proj.weight"],
  adapters: Object.fromEntries(
    textLinears.flatMap((name) => {
      const [a, b] = [w[`${name}.lora_A.weight`], w[`${name}.lora_B.weight`]];
      return a && b ? [[shortNames[name], { a, b }]] : [];
    }),
  ),
  promptK: prompt.k,
  promptV: prompt.v,
  ownK: own.k,
  ownV: own.v,
});
