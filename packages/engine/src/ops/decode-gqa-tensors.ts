// The order in which the kernels of decode-gqa-kernels.ts take tensors.
import type { Tensor } from "@tensorflow/tfjs-core";
import type { DecoderAttrs } from "./decode-gqa-kernels.ts";
import type { AdaptedLinear, DecodePrompt, GqaBlock, GqaDecoder } from "./decode-session.ts";

/** The order of a layer's tensors in the inputs of DecodeOpen. */
export const layerOrder = [
  "inputNorm",
  "qWeight",
  "qBias",
  "kWeight",
  "kBias",
  "vWeight",
  "vBias",
  "oWeight",
  "postNorm",
  "gateWeight",
  "upWeight",
  "downWeight",
] as const satisfies readonly (keyof Omit<GqaBlock, "adapters">)[];

const adaptedLinears = ["q", "k", "v", "o", "gate", "up", "down"] as const satisfies readonly AdaptedLinear[];

/** Inputs of DecodeOpen, and the attributes that tell them apart. */
export function weightInputs(decoder: GqaDecoder): { inputs: Tensor[]; attrs: DecoderAttrs } {
  const { embedding, norm, head, layers, adapterScale = 1, queryHeads, kvHeads, eps } = decoder;
  const ofLayers = layers.flatMap((layer): Tensor[] => layerOrder.map((name) => layer[name]));
  const ofAdapters = layers.flatMap(adapterTensors);
  const adapters = ofAdapters.some((x) => x !== undefined) ? ofAdapters.map((x) => Number(x !== undefined)) : [];
  return {
    inputs: [embedding, norm, head, ...ofLayers, ...ofAdapters.filter((x) => x !== undefined)],
    attrs: { layers: layers.length, adapters, adapterScale, queryHeads, kvHeads, eps },
  };
}

/** Inputs of DecodeAddPrompt. */
export const promptInputs = ({ logits, cos, sin, keyValues }: DecodePrompt): Tensor[] => [
  ...[logits, cos, sin],
  ...keyValues.flatMap(({ k, v }) => [k, v]),
];

/** A and B of every linear layer that may have them. */
const adapterTensors = ({ adapters = {} }: GqaBlock): (Tensor | undefined)[] =>
  adaptedLinears.flatMap((name) => [adapters[name]?.a, adapters[name]?.b]);
