// What a rank of sharded-processes.test.ts does: trains some layers, saves a checkpoint on the way, and tells what came of it.
import { createHash } from "node:crypto";
import { join } from "node:path";
import {
  matMul,
  mean,
  memory,
  type Scalar,
  square,
  type Tensor,
  tanh,
  tensor,
  tidy,
  type Variable,
  variable,
} from "@tensorflow/tfjs-core";
import { openProcessGroup, splitFloat32, valueAndGrads } from "@videor1/engine";
import { randomStream } from "@videor1/random";
import { OptimizerOptions } from "../src/options.ts";
import { processCollective } from "../src/process-collective.ts";
import { createReplica, type Replica } from "../src/replica.ts";
import { shardedReplica } from "../src/sharded/sharded-replica.ts";
import { normal } from "./normal.ts";

export interface ShardedRequest {
  rank: number;
  /** 1: without a group. */
  size: number;
  folder: string;
}

export interface ShardedReply {
  norms: number[];
  /** SHA-256 of all weights. */
  weights: string;
  /** Buckets in the order in which their exchange started, in the first step. */
  started: number[];
  /** Tensors that steps after the first left behind. */
  left: number;
}

const layers = 6;
const width = 64;
const parts = 5;

const values = (name: string, shape: readonly number[]): Tensor => {
  const draw = randomStream(3, name);
  return tensor(
    Float32Array.from({ length: shape.reduce((n, size) => n * size, 1) }, () => normal(draw) / 8),
    [...shape],
  );
};

export async function shardedRun({ rank, size, folder }: ShardedRequest): Promise<ShardedReply> {
  const parameters: Record<string, Variable> = {};
  const remainders: Record<string, Variable> = {};
  for (let layer = 0; layer < layers; layer++)
    tidy(() => {
      const { weight, remainder } = splitFloat32(values(`layer ${layer}`, [width, width]));
      parameters[`layer${layer}`] = variable(weight);
      remainders[`layer${layer}`] = variable(remainder, false);
    });
  const options = OptimizerOptions.parse({ moments: "int8", maxGradNorm: 1e-3 });
  const started: number[] = [];
  let replica: Replica;
  if (size === 1) replica = createReplica(parameters, options, { remainders });
  else {
    const store = { kind: "file", path: join(folder, "store") } as const;
    const group = await openProcessGroup({ store, prefix: "sharded", rank, size, timeoutSeconds: 60 });
    const collective = processCollective(group);
    const how = { group, collective, remainders, zeroStage: 2, bucketMegabytes: 0.02 };
    replica = shardedReplica(parameters, options, { ...how, onStart: (bucket) => started.push(bucket) });
  }
  const step = (number: number) =>
    replica.step({
      parts,
      learningRate: 1e-2,
      async compute(part, take) {
        const x = values(`x ${number} ${part}`, [4, width]);
        const loss = () => {
          let y = x;
          for (let layer = 0; layer < layers; layer++)
            y = tanh(matMul(y as never, parameters[`layer${layer}`]! as never));
          return mean<Scalar>(square(y));
        };
        const { value } = valueAndGrads(loss, parameters, take);
        const share = value.dataSync()[0]!;
        value.dispose();
        x.dispose();
        return { share };
      },
      reduce: (shares) => ({ metrics: { loss: shares.reduce((a, b) => a + b, 0) } }),
    });
  const norms = [(await step(0)).gradNorm];
  const ofFirst = started.splice(0);
  const request = { root: join(folder, `ranks-${size}`), step: 1, state: {}, keepLast: 1, best: null, wait: false };
  await replica.checkEqual("After the first step");
  if (size > 1 || rank === 0) await replica.checkpoint(request, async () => {});
  const before = memory().numTensors;
  for (let number = 1; number < 4; number++) norms.push((await step(number)).gradNorm);
  const left = memory().numTensors - before;
  const hash = createHash("sha256");
  for (const parameter of Object.values(parameters)) hash.update(new Uint8Array(parameter.dataSync().buffer));
  return { norms, weights: hash.digest("hex"), started: ofFirst, left };
}
