import { fill, type GradConfig, type NamedAttrMap, registerGradient, type Tensor } from "@tensorflow/tfjs-core";
import { runKernel } from "./fused.ts";
import { linearGradient } from "./ops/linear.ts";
import { reductionGradients } from "./reduction-gradients.ts";

/** Zeros, made on the device: the gradient of an input that the op takes as data, whatever its dtype. */
const none = (x: Tensor) => () => fill(x.shape, 0);

const pair = (name: string, inputs: Record<string, Tensor>, attrs?: NamedAttrMap) =>
  runKernel<[Tensor, Tensor]>(name, inputs, attrs);

/** Gradients of the fused kernels, the same for every backend: `<Kernel>Grad` is a kernel itself. */
const gradients: readonly GradConfig[] = [
  ...reductionGradients,
  linearGradient,
  {
    kernelName: "RmsNorm",
    inputsToSave: ["x", "weight"],
    gradFunc(dy, [x, weight], attrs) {
      const [dx, dweight] = pair("RmsNormGrad", { x: x!, weight: weight!, dy: dy as Tensor }, attrs);
      return { x: () => dx, weight: () => dweight };
    },
  },
  {
    kernelName: "RotaryEmbedding",
    inputsToSave: ["cos", "sin"],
    gradFunc(dy, [cos, sin], { direction }) {
      const inputs = { x: dy as Tensor, cos: cos!, sin: sin! };
      const back = () => runKernel<Tensor>("RotaryEmbedding", inputs, { direction: -(direction as number) });
      return { x: back, cos: none(cos!), sin: none(sin!) };
    },
  },
  {
    kernelName: "Swiglu",
    inputsToSave: ["gate", "up"],
    gradFunc(dy, [gate, up]) {
      const [dgate, dup] = pair("SwigluGrad", { gate: gate!, up: up!, dy: dy as Tensor });
      return { gate: () => dgate, up: () => dup };
    },
  },
  {
    kernelName: "Gelu",
    inputsToSave: ["x"],
    gradFunc: (dy, [x]) => ({ x: () => runKernel<Tensor>("GeluGrad", { x: x!, dy: dy as Tensor }) }),
  },
  ...["Attention", "VarlenAttention"].map(
    (kernelName): GradConfig => ({
      kernelName,
      saveAllInputs: true, // an array: [q, k, v] and, if there is one, the mask
      outputsToSave: [true, true],
      gradFunc(dys, saved, attrs) {
        const [q, k, v, ...rest] = saved as [Tensor, Tensor, Tensor, ...Tensor[]];
        const [dy] = [dys].flat() as Tensor[];
        const isFlash = Array.isArray(dys); // rest is y and its log-sum-exp, which the gradient takes; else a mask or none, and y
        const given = isFlash ? rest : rest.slice(0, -1);
        const [dq, dk, dv] = runKernel<Tensor[]>(`${kernelName}Grad`, [q, k, v, dy!, ...given], attrs);
        return { 0: () => dq!, 1: () => dk!, 2: () => dv!, 3: none(given[0]!) };
      },
    }),
  ),
  {
    kernelName: "TokenLogps",
    inputsToSave: ["hidden", "weight", "ids"],
    outputsToSave: [false, false, true],
    gradFunc(dys, [hidden, weight, ids, lse], attrs) {
      const inputs = { hidden: hidden!, weight: weight!, ids: ids!, lse: lse!, dy: (dys as Tensor[])[0]! };
      const outputs = [runKernel<Tensor | Tensor[]>("TokenLogpsGrad", inputs, attrs)];
      const [dhidden, dweight] = outputs.flat(); // the second unless the weight is frozen
      return { hidden: () => dhidden!, weight: () => dweight ?? none(weight!)(), ids: none(ids!) };
    },
  },
];

export function registerFusedGradients(): void {
  for (const gradient of gradients) registerGradient(gradient);
}
