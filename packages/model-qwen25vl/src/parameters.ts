import type { Tensor, Tensor1D, Tensor2D, Variable } from "@tensorflow/tfjs-core";
import type { ModelConfig, TextConfig, VisionConfig } from "./config.ts";

export type Parameters = Record<string, Variable>;

type Shapes<Name extends string> = Record<Name, readonly number[]>;
type Weights<S> = {
  [Name in keyof S]: Name extends `${string}bias` | `${string}norm${string}` | `${string}ln_q${string}`
    ? Tensor1D
    : Tensor2D;
};

const textLayerShapes = ({
  hiddenSize: d,
  intermediateSize: i,
  numAttentionHeads,
  numKeyValueHeads,
  headDim,
}: TextConfig) =>
  ({
    "input_layernorm.weight": [d],
    "self_attn.q_proj.weight": [numAttentionHeads * headDim, d],
    "self_attn.q_proj.bias": [numAttentionHeads * headDim],
    "self_attn.k_proj.weight": [numKeyValueHeads * headDim, d],
    "self_attn.k_proj.bias": [numKeyValueHeads * headDim],
    "self_attn.v_proj.weight": [numKeyValueHeads * headDim, d],
    "self_attn.v_proj.bias": [numKeyValueHeads * headDim],
    "self_attn.o_proj.weight": [d, numAttentionHeads * headDim],
    "post_attention_layernorm.weight": [d],
    "mlp.gate_proj.weight": [i, d],
    "mlp.up_proj.weight": [i, d],
    "mlp.down_proj.weight": [d, i],
  }) satisfies Shapes<string>;

const visionBlockShapes = ({ hiddenSize: v, intermediateSize: i }: VisionConfig) =>
  ({
    "norm1.weight": [v],
    "attn.qkv.weight": [3 * v, v],
    "attn.qkv.bias": [3 * v],
    "attn.proj.weight": [v, v],
    "attn.proj.bias": [v],
    "norm2.weight": [v],
    "mlp.gate_proj.weight": [i, v],
    "mlp.gate_proj.bias": [i],
    "mlp.up_proj.weight": [i, v],
    "mlp.up_proj.bias": [i],
    "mlp.down_proj.weight": [v, i],
    "mlp.down_proj.bias": [v],
  }) satisfies Shapes<string>;

const mergerShapes = ({ hiddenSize: v, spatialMergeSize, outHiddenSize }: VisionConfig) =>
  ({
    "ln_q.weight": [v],
    "mlp.0.weight": [v * spatialMergeSize ** 2, v * spatialMergeSize ** 2],
    "mlp.0.bias": [v * spatialMergeSize ** 2],
    "mlp.2.weight": [outHiddenSize, v * spatialMergeSize ** 2],
    "mlp.2.bias": [outHiddenSize],
  }) satisfies Shapes<string>;

/** The linear layers of a text layer, which an adapter may change. */
export const textLinears = [
  "self_attn.q_proj",
  "self_attn.k_proj",
  "self_attn.v_proj",
  "self_attn.o_proj",
  "mlp.gate_proj",
  "mlp.up_proj",
  "mlp.down_proj",
] as const;
export type TextLinear = (typeof textLinears)[number];

/** A [r, in] and B [out, r] of the linear layers that an adapter changes. */
export type LayerAdapter = Partial<Record<`${TextLinear}.lora_${"A" | "B"}.weight`, Tensor2D>>;

export type TextLayerWeights = Weights<ReturnType<typeof textLayerShapes>> & LayerAdapter;
export type VisionBlockWeights = Weights<ReturnType<typeof visionBlockShapes>>;
export type MergerWeights = Weights<ReturnType<typeof mergerShapes>>;

/** The parameters by their place in the network; views of the same variables. */
export interface ModelWeights {
  patchEmbed: Tensor; // [v, channels, temporalPatchSize, patchSize, patchSize]
  blocks: VisionBlockWeights[];
  merger: MergerWeights;
  embedTokens: Tensor2D;
  layers: TextLayerWeights[];
  /** s of an adapter's y = x W^T + b + s (x A^T) B^T; not used without one. */
  adapterScale: number;
  norm: Tensor1D;
  /** The embedding matrix itself when tied. */
  lmHead: Tensor2D;
}

const visual = "model.visual.";
const language = "model.language_model.";
const patchEmbedName = `${visual}patch_embed.proj.weight`;
export const embedTokensName = `${language}embed_tokens.weight`;
const normName = `${language}norm.weight`;
export const lmHeadName = "lm_head.weight";

/** Every parameter's name (transformers >= 4.52: `model.visual`, `model.language_model`) and shape, in the network's order. */
export function parameterShapes({ text, vision, tieWordEmbeddings }: ModelConfig): Record<string, readonly number[]> {
  const under = (prefix: string, shapes: Shapes<string>) =>
    Object.entries(shapes).map(([name, shape]) => [prefix + name, shape] as const);
  const { hiddenSize, inChannels, temporalPatchSize, patchSize } = vision;
  return Object.fromEntries([
    [patchEmbedName, [hiddenSize, inChannels, temporalPatchSize, patchSize, patchSize]],
    ...Array.from({ length: vision.depth }, (_, i) => under(`${visual}blocks.${i}.`, visionBlockShapes(vision))).flat(),
    ...under(`${visual}merger.`, mergerShapes(vision)),
    [embedTokensName, [text.vocabSize, text.hiddenSize]],
    ...Array.from({ length: text.numHiddenLayers }, (_, i) =>
      under(`${language}layers.${i}.`, textLayerShapes(text)),
    ).flat(),
    [normName, [text.hiddenSize]],
    ...(tieWordEmbeddings ? [] : [[lmHeadName, [text.vocabSize, text.hiddenSize]] as const]),
  ]);
}

/** The names of the linear layers of the language model, without `.weight`, in the network's order. */
export const linearNames = ({ text }: ModelConfig): string[] =>
  Array.from({ length: text.numHiddenLayers }, (_, i) => textLinears.map((name) => linearName(i, name))).flat();

/** The name of a linear layer, without `.weight`. */
export const linearName = (layer: number, name: TextLinear): string => `${language}layers.${layer}.${name}`;

/** Puts the parameters in their places in the network. */
export function modelWeights(parameters: Parameters, { text, vision, tieWordEmbeddings }: ModelConfig): ModelWeights {
  const at = <T extends Tensor>(name: string) => parameters[name] as unknown as T;
  const under = <W>(prefix: string, shapes: Shapes<string>) =>
    Object.fromEntries(Object.keys(shapes).map((name) => [name, at(prefix + name)])) as W;
  return {
    patchEmbed: at(patchEmbedName),
    blocks: Array.from({ length: vision.depth }, (_, i) => under(`${visual}blocks.${i}.`, visionBlockShapes(vision))),
    merger: under(`${visual}merger.`, mergerShapes(vision)),
    embedTokens: at(embedTokensName),
    layers: Array.from({ length: text.numHiddenLayers }, (_, i) =>
      under(`${language}layers.${i}.`, textLayerShapes(text)),
    ),
    adapterScale: 1,
    norm: at(normName),
    lmHead: at(tieWordEmbeddings ? embedTokensName : lmHeadName),
  };
}

/** Whether a parameter is the vision tower's, its merger included. */
export const isOfVision = (name: string): boolean => name.startsWith(visual);

/** `model.language_model.x` -> `model.x`, `model.visual.x` -> `visual.x`: the names in the Hub's files. */
export function hubName(name: string): string {
  if (name.startsWith(visual)) return name.slice("model.".length);
  return name.startsWith(language) ? `model.${name.slice(language.length)}` : name;
}

/** A Hub name or a new name as the new name. */
export function parameterName(name: string): string {
  if (name.startsWith("visual.")) return `model.${name}`;
  if (name.startsWith(visual) || name.startsWith(language)) return name;
  return name.startsWith("model.") ? `${language}${name.slice("model.".length)}` : name;
}
