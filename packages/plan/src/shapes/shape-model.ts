import { fill, tidy, type Variable, variable } from "@tensorflow/tfjs-core";
import { toBfloat16 } from "@videor1/engine";
import {
  adapterShapes,
  assemble,
  isOfVision,
  parameterShapes,
  type Qwen25VL,
  withAdapter,
} from "@videor1/model-qwen25vl";
import type { Job } from "../job.ts";

/** The model of a job, whose weights are shapes alone. */
export function shapeModel({ model: config, dtype, gradientCheckpointing, trainable, adapter }: Job): Qwen25VL {
  const parameters = variables(parameterShapes(config), dtype === "bfloat16");
  if (trainable === "language")
    for (const [name, parameter] of Object.entries(parameters)) if (isOfVision(name)) parameter.trainable = false;
  const generationConfig = { eosTokenIds: [], padTokenId: null, source: {} };
  const base = assemble({ config, generationConfig }, parameters, { dtype, gradientCheckpointing });
  if (!adapter) return base;
  const matrices = variables(adapterShapes(config, adapter), false);
  return withAdapter(base, { ...adapter, alpha: 1, rsLora: false, parameters: matrices });
}

const variables = (shapes: Record<string, readonly number[]>, isBfloat16: boolean): Record<string, Variable> =>
  Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      tidy(() => {
        const zeros = fill([...shape], 0);
        return variable(isBfloat16 ? toBfloat16(zeros) : zeros);
      }),
    ]),
  );
