import { tensor2d, tidy, variable } from "@tensorflow/tfjs-core";
import { deriveSeed, keyOf, philox, randomStream, uniform } from "@videor1/random";
import { type Adapter, adapterShapes, targetedModules } from "./adapter.ts";
import type { ModelConfig } from "./config.ts";
import type { LoraOptions } from "./lora-options.ts";

/**
 * A new adapter: A uniform in +-1 / sqrt(in), B 0, so that it changes nothing yet. The engine must be started.
 *
 * @param seed - Any integer; each matrix has a stream of its own.
 * @see huggingface/peft v0.21.2 lora/layer.py `reset_lora_parameters`: kaiming_uniform with a = sqrt 5
 */
export function createAdapter(config: ModelConfig, options: LoraOptions, seed: number): Adapter {
  const { rank, alpha, rsLora, targets } = options;
  const modules = targetedModules(config, targets);
  const ofAdapter = randomStream(seed, "lora").int(2 ** 31);
  const parameters = Object.entries(adapterShapes(config, { modules, rank })).map(([name, shape], i) => {
    const data = new Float32Array(shape[0] * shape[1]);
    if (name.endsWith(".lora_A.weight")) fillUniform(data, 1 / Math.sqrt(shape[1]), deriveSeed(ofAdapter, i));
    return [name, tidy(() => variable(tensor2d(data, shape)))] as const;
  });
  return { rank, alpha, rsLora, modules, parameters: Object.fromEntries(parameters) };
}

/** Uniform numbers in [-bound, bound), two per Philox block. */
function fillUniform(data: Float32Array, bound: number, seed: number): void {
  const key = keyOf(seed);
  for (let i = 0; i < data.length; i += 2) {
    const [a, b, c, d] = philox([i / 2, 0, 0, 0], key);
    data[i] = bound * (2 * uniform(a, b) - 1);
    if (i + 1 < data.length) data[i + 1] = bound * (2 * uniform(c, d) - 1);
  }
}
