// Shape suffixes: B rows, L tokens of a row, d hidden size, M vision features.
import { concat, gather, reshape, type Tensor2D, type Tensor3D, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { isFrozen, withoutTape } from "@videor1/engine";
import { type Adapter, adaptedWeights } from "./adapter.ts";
import type { ModelConfig } from "./config.ts";
import { decodePacked, decodeRows, type KeyValues } from "./decoder.ts";
import { embeddingSource, type Placeholder } from "./embedding-source.ts";
import type { CheckedInputs, VisionInputs } from "./inputs.ts";
import { embedding, type Observe } from "./layers.ts";
import { packInputs } from "./pack-inputs.ts";
import type { CompletionTokens } from "./packed-sequences.ts";
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
}

export interface EncodeOptions {
  lastOnly?: boolean;
  observe?: Observe | undefined;
}

/** The part that forward, logprobs and generate share: the two towers, and the positions. */
export interface Network {
  config: ModelConfig;
  weights: ModelWeights;
  recompute: boolean;
  /** Vision features, embeddings, positions, decoder. Call it inside `tidy`: it makes tensors of the pixels. */
  encode(inputs: CheckedInputs, options?: EncodeOptions): Encoded;
  /**
   * The same over the tokens alone that are not padding, packed: hidden states [tokens, d], row by row. With completions those
   * of the last token of each row, then of all tokens of the completions.
   */
  encodePacked(inputs: CheckedInputs, completions?: CompletionTokens): Tensor2D;
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

  const visionParameters = Object.keys(parameters).filter(isOfVision);
  const isVisionFrozen = () => visionParameters.every((name) => isFrozen(parameters[name]!));

  /** [tokens, d] embeddings, the features of images and videos in the places of their placeholder tokens that are not masked. */
  function embedInputs(inputs: EmbeddedInputs, observe?: Observe): Tensor2D {
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

  const ropeOf = ({ images, videos, secondPerGridTs, ...rest }: CheckedInputs) =>
    ropeIndex(
      {
        ...rest,
        imageGrids: images?.grids ?? [],
        videoGrids: videos?.grids ?? [],
        ...(secondPerGridTs && { secondPerGridTs }),
      },
      config,
      semantics,
    );

  return {
    config,
    weights,
    recompute,
    rotary,
    embed,
    encode(inputs, { lastOnly = false, observe } = {}) {
      const { batch, length, attentionMask, padded } = inputs;
      const rope = ropeOf(inputs);
      const x_BLd = reshape(embedInputs(inputs, observe), [batch, length, -1]) as Tensor3D;
      observe?.("inputs_embeds", x_BLd);
      const keyValues: KeyValues[] = [];
      const hidden = decodeRows(x_BLd, weights, config.text, {
        rope: rotary(rope.positionIds, [batch, length], batch * length),
        keyMask: padded ? tensor2d(attentionMask, [batch, length], "int32") : undefined,
        keyValues,
        lastOnly,
        recompute,
        observe,
      });
      return { hidden, keyValues, rope };
    },
    encodePacked(inputs, completions) {
      const packed = packInputs(inputs, ropeOf(inputs), completions);
      const tokens = packed.inputIds.length;
      const x_1Pd = reshape(embedInputs({ ...inputs, ...packed }), [1, tokens, -1]) as Tensor3D;
      const rope = rotary(packed.positionIds, [1, tokens], tokens);
      const hidden = decodePacked(x_1Pd, weights, config.text, { rope, sequences: packed.sequences, recompute });
      return reshape(hidden, [-1, hidden.shape[2]]);
    },
  };
}

type EmbeddedInputs = Pick<CheckedInputs, "inputIds" | "attentionMask" | "images" | "videos">;
