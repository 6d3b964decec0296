import { add, matMul, mul, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { toBfloat16, toFloat32 } from "@videor1/engine";
import { type Adapter, adapterKey, adapterScale } from "./adapter.ts";
import type { Qwen25VL } from "./model.ts";

/** W <- W + s B A in place, summed in float32 and rounded once where the weights are bfloat16. */
export function mergeAdapter(model: Pick<Qwen25VL, "parameters" | "dtype">, adapter: Adapter): void {
  const scale = adapterScale(adapter);
  for (const module of adapter.modules) {
    const weight = model.parameters[`${module}.weight`]!;
    const [a, b] = (["A", "B"] as const).map((matrix) => adapter.parameters[adapterKey(module, matrix)]!);
    tidy(() => {
      const sum = add(toFloat32(weight), mul(matMul(b as Tensor2D, a as Tensor2D), scale));
      weight.assign(model.dtype === "bfloat16" ? toBfloat16(sum) : sum);
    });
  }
}
