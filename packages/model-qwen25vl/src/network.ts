// Shape suffixes: B rows, L tokens of a row, d hidden size, M vision features.
import { concat, gather, reshape, type Tensor2D, type Tensor3D, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { isFrozen, withoutTape } from "@videor1/engine";
import { type Adapter, adaptedWeights } from "./adapter.ts";
import type { ModelConfig } from "./config.ts";
import { type DecodeOptions, type DecoderPass, decode, type KeyValues } from "./decoder.ts";
import { embeddingSource, type Placeholder } from "./embedding-source.ts";
import type { CheckedInputs, VisionInputs } from "./inputs.ts";
import { embedding, type Observe } from "./layers.ts";
import { isOfVision, type ModelWeights, modelWeights, type Parameters } from "./parameters.ts";
import { type PositionSemantics, type RopeIndex, ropeIndex } from "./rope-index.ts";
import { inverseFrequencies, type RotaryTables, rotaryTables } from "./rotary.ts";
import { visionTower } from "./vision.ts";

export interface NetworkOptions {
  /** How videos advance the positions; "classic" is what the checkpoints were trained with. */
  positions?: PositionSemantics;
  /** Recompute each vision block and text layer in the backward pass: less memory for a third more time. */
  gradientCheckpointing?: boolean;
}

export interface Encoded {
  /** [B, L, d] after the final norm; [B, 1, d] with `lastOnly`. */
  hidden: Tensor3D;
  keyValues: KeyValues[];
  rope: RopeIndex;
  /** [R, T, d] of the tokens of completions, if there are any. */
  completed: Tensor3D | undefined;
}

/** Tokens of completions, which run through the layers beside the prompts that they complete. */
export interface CompletionTokens {
  /** [R, T] */
  ids: Int32Array;
  shape: [rows: number, tokens: number];
  options: Pick<DecodeOptions, "rope" | "keyMask">;
  /** [R] the prompt of each row; undefined: that of the same number. */
  promptOf: Int32Array | undefined;
}

export interface EncodeOptions {
  lastOnly?: boolean;
  observe?: Observe | undefined;
  completions?: ((rope: RopeIndex) => CompletionTokens) | undefined;
}

/** The part that forward, logprobs and generate share: the two towers, and the positions. */
export interface Network {
  config: ModelConfig;
  weights: ModelWeights;
  recompute: boolean;
  /** Vision features, embeddings, positions, decoder. Call it inside `tidy`: it makes tensors of the pixels. */
  encode(inputs: CheckedInputs, options?: EncodeOptions): Encoded;
  /** [n] token ids to [n, d]. */
  embed(ids: Int32Array): Tensor2D;
  /** Rotary tables of [B, T] tokens; the position of token j on axis a is positions[a * axisStride + j]. */
  rotary(positions: Int32Array, shape: [number, number], axisStride: number): RotaryTables;
}

export function createNetwork(
  config: ModelConfig,
  parameters: Parameters,
  options: NetworkOptions = {},
  adapter?: Adapter,
): Network {
  const { positions: semantics = "classic", gradientCheckpointing: recompute = false } = options;
  const own = modelWeights(parameters, config);
  const weights = adapter ? adaptedWeights(own, adapter) : own;
  const vision = visionTower(weights, config.vision);
  const { headDim, ropeTheta, mropeSection, padTokenId } = config.text;
  const axisOf = mropeSection.flatMap((size, axis) => new Array<number>(size).fill(axis));
  const rotary = rotaryTables(inverseFrequencies(headDim, ropeTheta), axisOf);
  const embed = (ids: Int32Array) => embedding(weights.embedTokens, ids, padTokenId);

  /** [B, T, d] */
  const embedRows = (ids: Int32Array, [batch, length]: [number, number]) =>
    reshape(embed(ids), [batch, length, -1]) as Tensor3D;

  const visionParameters = Object.keys(parameters).filter(isOfVision);
  const isVisionFrozen = () => visionParameters.every((name) => isFrozen(parameters[name]!));

  /** [B * L, d] embeddings, the features of images and videos in the places of their placeholder tokens. */
  function embedInputs(inputs: CheckedInputs, observe?: Observe): Tensor2D {
    const features_Md: Tensor2D[] = [];
    const placeholders: Placeholder[] = [];
    const see = (kind: "image" | "video", given: VisionInputs | null, tokenId: number) => {
      if (!given) return;
      const observeKind: Observe | undefined = observe && ((name, x) => observe(`${kind}.${name}`, x));
      const pixels = tensor2d(given.pixels.data, [...given.pixels.shape]);
      const compute = () => vision(pixels, given.grids, { recompute, observe: observeKind });
      const features = isVisionFrozen() ? withoutTape(compute) : compute();
      observe?.(`${kind}.embeds`, features);
      features_Md.push(features);
      placeholders.push({ tokenId, features: features.shape[0] });
    };
    see("image", inputs.images, config.imageTokenId);
    see("video", inputs.videos, config.videoTokenId);
    if (placeholders.length === 0) return embed(inputs.inputIds);
    const { textIds, source } = embeddingSource(inputs, placeholders);
    return gather(concat([embed(textIds), ...features_Md], 0), tensor1d(source, "int32"));
  }

  return {
    config,
    weights,
    recompute,
    rotary,
    embed,
    encode(inputs, { lastOnly = false, observe, completions } = {}) {
      const { batch, length, inputIds, attentionMask, padded, images, videos, secondPerGridTs } = inputs;
      const rope = ropeIndex(
        {
          inputIds,
          attentionMask,
          batch,
          imageGrids: images?.grids ?? [],
          videoGrids: videos?.grids ?? [],
          ...(secondPerGridTs && { secondPerGridTs }),
        },
        config,
        semantics,
      );
      const x_BLd = reshape(embedInputs(inputs, observe), [batch, length, -1]) as Tensor3D;
      observe?.("inputs_embeds", x_BLd);
      const own: DecoderPass = {
        x: x_BLd,
        rope: rotary(rope.positionIds, [batch, length], batch * length),
        keyMask: padded ? tensor2d(attentionMask, [batch, length], "int32") : undefined,
        keyValues: [],
        lastOnly,
        recompute,
        observe,
      };
      const read = completions?.(rope);
      const next = read && {
        ...read.options,
        x: embedRows(read.ids, read.shape),
        earlier: { keyValues: own.keyValues, rows: read.promptOf },
        keyValues: [],
        recompute,
      };
      const [hidden, completed] = decode(next ? [own, next] : [own], weights, config.text);
      return { hidden: hidden!, completed, keyValues: own.keyValues, rope };
    },
  };
}
