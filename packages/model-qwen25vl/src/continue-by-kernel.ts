// Shapes: A active rows, B prompts, L their tokens, T steps of a call, K key/value heads, H head dim.

import { dispose, gather, pad, slice, type Tensor4D, tensor1d, tensor2d, tidy, variable } from "@tensorflow/tfjs-core";
import { type DecodeLayer, decodeSteps } from "@videor1/engine";
import type { KeyValues } from "./decoder.ts";
import type { Continuation } from "./generate.ts";
import { type GenerationRow, staying } from "./generation-rows.ts";
import { compactKvCache, disposeKvCache, type KvCache } from "./kv-cache.ts";
import type { TextLayerWeights } from "./parameters.ts";
import { keyOf } from "./philox.ts";

const stepsPerCall = 32; // between calls finished rows leave the batch, and an abort is heard

/**
 * The decode loop inside the backend. The prompts' keys and values stay as they are, shared by the rows of a prompt;
 * each row has a cache for its own tokens alone.
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
  let cache = ownCache(keyValues, active, maxNewTokens - 1);
  try {
    for (let n = 1; n < maxNewTokens; ) {
      if (signal) {
        await new Promise(setImmediate); // lets the event that aborts happen
        signal.throwIfAborted();
      }
      if (active.every((row) => row.finished)) break;
      const kept = staying(active);
      if (kept) {
        active = kept.map((i) => active[i]!);
        cache = compactKvCache(cache, kept);
      }
      const A = active.length;
      const T = Math.min(stepsPerCall, maxNewTokens - n);
      const positions = new Int32Array(3 * T * A);
      for (let i = 0; i < positions.length; i++) {
        const [axis, t, { prompt }] = [Math.floor(i / (T * A)), Math.floor(i / A) % T, active[i % A]!];
        positions[i] = nextPositions[axis * batch + prompt]! + n - 1 + t;
      }
      const { ids, logps } = tidy(() =>
        decodeSteps(
          {
            embedding: weights.embedTokens,
            norm: weights.norm,
            head: weights.lmHead,
            layers: weights.layers.map((w, i) => decodeLayer(w, keyValues[i]!, cache.layers[i]!)),
            ...network.rotary(positions, [T, A], T * A),
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
            ...{ doSample, temperature, topP, topK, repetitionPenalty },
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
      n += T;
    }
  } finally {
    disposeKvCache(cache);
    for (const { k, v } of keyValues) dispose([k, v]);
  }
}

/** Room for `room` tokens of each row, of the prompts' storage type. */
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

const decodeLayer = (w: TextLayerWeights, prompt: KeyValues, own: KvCache["layers"][number]): DecodeLayer => ({
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
  promptK: prompt.k,
  promptV: prompt.v,
  ownK: own.k,
  ownV: own.v,
});
