import { dispose, type Tensor, tidy, variable, zerosLike } from "@tensorflow/tfjs-core";
import { valueAndGrads } from "../src/gradients.ts";
import { adamwUpdate } from "../src/ops/adamw-update.ts";
import { createBenchModel } from "./model.ts";

/** Creates the bench model; each `step` is one forward, backward and AdamW update. */
export function createTrainingStep(): { step(): void; forward(): void } {
  const { loss, params } = createBenchModel();
  const moments = Object.values(params).map((param) => [zerosLike(param), zerosLike(param)].map((x) => variable(x)));
  let count = 0;
  const step = () => {
    const { value, grads } = valueAndGrads(loss, params);
    const options = { learningRate: 1e-3, beta1: 0.9, beta2: 0.95, eps: 1e-8, weightDecay: 0.01, step: ++count };
    for (const [i, [name, param]] of Object.entries(params).entries()) {
      adamwUpdate(param, grads[name]!, moments[i]![0]!, moments[i]![1]!, options);
    }
    dispose([value, ...Object.values(grads)] as Tensor[]);
  };
  return { step, forward: () => tidy(loss).dispose() };
}
