import {
  dispose,
  randomNormal,
  randomUniform,
  type Scalar,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tidy,
  variable,
} from "@tensorflow/tfjs-core";
import { valueAndGrads } from "../src/gradients.ts";
import { attention, compositeAttention } from "../src/ops/attention.ts";
import { compositeGelu, gelu } from "../src/ops/gelu.ts";
import { compositeLinear, linear } from "../src/ops/linear.ts";
import { compositeRmsNorm, rmsNorm } from "../src/ops/rms-norm.ts";
import { compositeRotaryEmbedding, rotaryEmbedding } from "../src/ops/rotary-embedding.ts";
import { compositeSwiglu, swiglu } from "../src/ops/swiglu.ts";
import { compositeTokenLogps, tokenLogps } from "../src/ops/token-logps.ts";
import { compositeVarlenAttention, varlenAttention } from "../src/ops/varlen-attention.ts";
import { timeCalls } from "../src/timing.ts";

export interface OpRow {
  op: string;
  fusedForwardMs: number;
  compositeForwardMs: number;
  fusedStepMs: number;
  compositeStepMs: number;
}

interface OpBench {
  op: string;
  shapes: number[][];
  fused(inputs: Tensor[]): Tensor;
  composite(inputs: Tensor[]): Tensor;
}

const angles = () => [randomNormal([32, 62, 16]), randomNormal([32, 62, 16])] as [Tensor3D, Tensor3D];
const windows = Int32Array.from({ length: 513 }, (_, i) => 4 * i);

/** The miniature's sizes: 32 rows of 62 tokens, 2048 patches. */
export function benchOps(): OpRow[] {
  const table = angles();
  const ids = randomUniform([1984], 0, 130, "int32") as Tensor1D;
  const three = <T extends Tensor>(inputs: Tensor[]) => inputs as [T, T, T];
  const benches: OpBench[] = [
    {
      op: "linear [1984,128] -> 320, bias",
      shapes: [[1984, 128], [320, 128], [320]],
      fused: ([x, w, b]) => linear(x!, w as Tensor2D, b as Tensor1D),
      composite: ([x, w, b]) => compositeLinear(x!, w as Tensor2D, b as Tensor1D),
    },
    {
      op: "rmsNorm [1984,128]",
      shapes: [[1984, 128], [128]],
      fused: ([x, w]) => rmsNorm(x!, w as Tensor1D, 1e-6),
      composite: ([x, w]) => compositeRmsNorm(x!, w as Tensor1D, 1e-6),
    },
    {
      op: "rotaryEmbedding [32,62,4,32]",
      shapes: [[32, 62, 4, 32]],
      fused: ([x]) => rotaryEmbedding(x as Tensor4D, ...table),
      composite: ([x]) => compositeRotaryEmbedding(x as Tensor4D, ...table),
    },
    {
      op: "swiglu [1984,320]",
      shapes: [
        [1984, 320],
        [1984, 320],
      ],
      fused: ([gate, up]) => swiglu(gate!, up!),
      composite: ([gate, up]) => compositeSwiglu(gate!, up!),
    },
    {
      op: "gelu [512,256]",
      shapes: [[512, 256]],
      fused: ([x]) => gelu(x!),
      composite: ([x]) => compositeGelu(x!),
    },
    {
      op: "attention [32,62,4,32], 2 kv heads, causal",
      shapes: [
        [32, 62, 4, 32],
        [32, 62, 2, 32],
        [32, 62, 2, 32],
      ],
      fused: (inputs) => attention(...three<Tensor4D>(inputs), { causal: true }),
      composite: (inputs) => compositeAttention(...three<Tensor4D>(inputs), { causal: true }),
    },
    {
      op: "varlenAttention [2048,4,16], windows of 4",
      shapes: [
        [2048, 4, 16],
        [2048, 4, 16],
        [2048, 4, 16],
      ],
      fused: (inputs) => varlenAttention(...three<Tensor3D>(inputs), windows),
      composite: (inputs) => compositeVarlenAttention(...three<Tensor3D>(inputs), windows),
    },
    {
      op: "tokenLogps [1984,128] x [130,128]",
      shapes: [
        [1984, 128],
        [130, 128],
      ],
      fused: ([hidden, w]) => tokenLogps(hidden as Tensor2D, w as Tensor2D, ids).logps,
      composite: ([hidden, w]) => compositeTokenLogps(hidden as Tensor2D, w as Tensor2D, ids).logps,
    },
  ];
  const rows = benches.map(benchOp);
  dispose([...table, ids]);
  return rows;
}

function benchOp({ op, shapes, fused, composite }: OpBench): OpRow {
  const inputs = shapes.map((shape) => tidy(() => variable(randomNormal(shape))));
  const params = Object.fromEntries(inputs.map((input, i) => [String(i), input]));
  const forward = (run: OpBench["fused"]) => milliseconds(timeCalls(() => tidy(() => void run(inputs)), 5));
  const step = (run: OpBench["fused"]) =>
    milliseconds(
      timeCalls(() => {
        const { value, grads } = valueAndGrads(() => sum(run(inputs)) as Scalar, params);
        dispose([value, ...Object.values(grads)]);
      }, 5),
    );
  const row = {
    op,
    fusedForwardMs: forward(fused),
    compositeForwardMs: forward(composite),
    fusedStepMs: step(fused),
    compositeStepMs: step(composite),
  };
  dispose(inputs);
  return row;
}

const milliseconds = (seconds: number) => Number((1e3 * seconds).toPrecision(3));
