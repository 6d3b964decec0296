import type { ModelConfig } from "./config.ts";
import {
  linearName,
  linearNames,
  type ModelWeights,
  type Parameters,
  parameterShapes,
  textLinears,
} from "./parameters.ts";

/** A LoRA adapter: y = x W^T + b + s (x A^T) B^T in some linear layers of the language model. */
export interface Adapter {
  readonly rank: number;
  readonly alpha: number;
  /** s = alpha / sqrt(rank) instead of alpha / rank. */
  readonly rsLora: boolean;
  /** The linear layers, such as `model.language_model.layers.0.self_attn.q_proj`, in the network's order. */
  readonly modules: readonly string[];
  /** A [rank, in] and B [out, rank] of each, float32, by the names that PEFT gives them in its files. */
  readonly parameters: Parameters;
}

/** s of y = x W^T + b + s (x A^T) B^T. @see arXiv:2106.09685 section 4.1, arXiv:2312.03732 for rsLoRA */
export const adapterScale = ({ rank, alpha, rsLora }: Pick<Adapter, "rank" | "alpha" | "rsLora">): number =>
  alpha / (rsLora ? Math.sqrt(rank) : rank);

/** PEFT's name of a linear layer's A or B. */
export const adapterKey = (module: string, matrix: "A" | "B"): string =>
  `base_model.model.${module}.lora_${matrix}.weight`;

/** The shapes of A and B of some linear layers, by PEFT's names. */
export function adapterShapes(
  config: ModelConfig,
  { modules, rank }: Pick<Adapter, "modules" | "rank">,
): Record<string, [number, number]> {
  const shapes = parameterShapes(config);
  return Object.fromEntries(
    modules.flatMap((module) => {
      const [outSize, inSize] = shapes[`${module}.weight`] as [number, number];
      return [
        [adapterKey(module, "A"), [rank, inSize]],
        [adapterKey(module, "B"), [outSize, rank]],
      ];
    }),
  );
}

/** The network's weights with the adapter's A and B beside those of their linear layers. */
export function adaptedWeights(weights: ModelWeights, adapter: Adapter): ModelWeights {
  const { parameters } = adapter;
  const layers = weights.layers.map((layer, i) => {
    const pairs = textLinears.flatMap((name) =>
      (["A", "B"] as const).flatMap((matrix) => {
        const found = parameters[adapterKey(linearName(i, name), matrix)];
        return found ? [[`${name}.lora_${matrix}.weight`, found]] : [];
      }),
    );
    return { ...layer, ...Object.fromEntries(pairs) };
  });
  return { ...weights, layers, adapterScale: adapterScale(adapter) };
}

/** The linear layers of the language model whose last name is one of `targets`, by default all, in the network's order. */
export const targetedModules = (config: ModelConfig, targets?: readonly string[]): string[] =>
  linearNames(config).filter((name) => !targets || targets.includes(name.slice(name.lastIndexOf(".") + 1)));
