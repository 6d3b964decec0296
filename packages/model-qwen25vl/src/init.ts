import { type Rank, tensor, tidy, variable } from "@tensorflow/tfjs-core";
import { deriveSeed, keyOf, philox, uniform } from "@videor1/random";
import type { ModelConfig } from "./config.ts";
import { type Parameters, parameterShapes } from "./parameters.ts";

/**
 * How weights are drawn; norms start at 1 and biases at 0.
 * - "normal": every matrix from N(0, std), std by default 0.02 (transformers' `initializer_range`).
 * - "fanIn": matrices from N(0, gain / sqrt(columns)), the embedding from N(0, embeddingStd), and the text layers'
 *   `o_proj` and `down_proj`, which write to the residual stream, divided by sqrt(2 * layers).
 */
export type InitScheme = { kind: "normal"; std?: number } | { kind: "fanIn"; gain?: number; embeddingStd?: number };

export interface Init {
  /** Any integer; equal seeds give equal weights. */
  seed: number;
  /** Default: "normal". */
  scheme?: InitScheme;
}

/** Draws seeded random parameters, each from a stream of its own. */
export function initialParameters(config: ModelConfig, { seed, scheme = { kind: "normal" } }: Init): Parameters {
  const entries = Object.entries(parameterShapes(config)).map(([name, shape], index) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const data = new Float32Array(size);
    if (shape.length === 1) data.fill(name.endsWith("bias") ? 0 : 1);
    else fillNormal(data, standardDeviation(name, shape, config, scheme), deriveSeed(seed, index));
    const { padTokenId, hiddenSize } = config.text;
    if (name.endsWith("embed_tokens.weight") && padTokenId !== null) {
      data.fill(0, padTokenId * hiddenSize, (padTokenId + 1) * hiddenSize); // torch's Embedding(padding_idx)
    }
    return [name, tidy(() => variable(tensor<Rank>(data, [...shape])))] as const;
  });
  return Object.fromEntries(entries);
}

function standardDeviation(name: string, shape: readonly number[], { text }: ModelConfig, scheme: InitScheme): number {
  if (scheme.kind === "normal") return scheme.std ?? 0.02;
  if (name.endsWith("embed_tokens.weight")) return scheme.embeddingStd ?? 0.15;
  const columns = shape.slice(1).reduce((product, length) => product * length, 1);
  const residual = name.startsWith("model.language_model.") && /\.(o_proj|down_proj)\.weight$/.test(name);
  return (scheme.gain ?? 0.7) / Math.sqrt(columns) / (residual ? Math.sqrt(2 * text.numHiddenLayers) : 1);
}

/** Normal numbers by the Box-Muller transform, two per Philox block. */
function fillNormal(data: Float32Array, std: number, seed: number): void {
  const key = keyOf(seed);
  for (let i = 0; i < data.length; i += 2) {
    const [a, b, c, d] = philox([i / 2, 0, 0, 0], key);
    const radius = std * Math.sqrt(-2 * Math.log(1 - uniform(a, b)));
    const angle = 2 * Math.PI * uniform(c, d);
    data[i] = radius * Math.cos(angle);
    if (i + 1 < data.length) data[i + 1] = radius * Math.sin(angle);
  }
}
