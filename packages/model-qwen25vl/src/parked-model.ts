import { dispose, tidy, variable } from "@tensorflow/tfjs-core";
import { fromHost, readTensor, toHost } from "@videor1/engine";
import { assemble, type LoadOptions, type Qwen25VL, readConfigs } from "./model.ts";
import { readTensors } from "./weights.ts";

/** A model whose weights wait in the host's memory: the reference of a training step, which is needed once. */
export interface ParkedModel {
  /** A copy on the device, to be disposed of after use; where the device is the CPU it shares the weights. */
  bring(): Qwen25VL;
  /** Frees the weights in the host's memory. */
  dispose(): void;
}

/**
 * Loads a model to the host's memory, tensor by tensor.
 *
 * @throws What `loadModel` throws.
 */
export async function loadParkedModel(folder: string, options?: LoadOptions): Promise<ParkedModel> {
  const configs = readConfigs(folder, options?.turnEnd);
  const waiting = readTensors(folder, configs.config, (file, stored) =>
    toHost(readTensor(file, stored, options?.dtype)),
  );
  return {
    bring() {
      const brought = Object.entries(waiting).map(([name, x]) => [name, tidy(() => variable(fromHost(x)))] as const);
      return assemble(configs, Object.fromEntries(brought), options);
    },
    dispose: () => dispose(waiting),
  };
}
