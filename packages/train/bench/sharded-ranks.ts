/**
 * How long does a step take on one process, and on several that cut the state; what do they send, and when does each bucket start?
 *
 * node --conditions=@videor1/source --import tsx packages/train/bench/sharded-ranks.ts
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  matMul,
  mean,
  randomNormal,
  relu,
  type Scalar,
  square,
  type Tensor2D,
  tidy,
  type Variable,
  variable,
} from "@tensorflow/tfjs-core";
import {
  initEngine,
  openProcessGroup,
  type ProcessGroup,
  splitFloat32,
  toBfloat16,
  valueAndGrads,
} from "@videor1/engine";
import { createReplica, OptimizerOptions, processCollective, shardedReplica } from "../src/index.ts";

const layers = 16;
const width = 1280;
const rows = 64;
const parts = 4;
const steps = 6;
const bucketMegabytes = 8;

interface Request {
  rank: number;
  size: number;
  folder: string;
  zeroStage: number;
}

interface Measured {
  /** Milliseconds of each step but the first two, which learn and warm up. */
  steps: number[];
  /** Of them, those in the parts' passes, waits for buckets included. */
  passes: number[];
  /** Bytes that the rank sent to others in the last step. */
  gradients: number;
  weights: number;
  /** Of the last step: bucket, and milliseconds since the step began. */
  started: [bucket: number, milliseconds: number][];
  passEnded: number;
}

const bytesOf = ({ size, dtype }: { size: number; dtype: string }) => (dtype === "bool" ? size : 4 * size);

/** The group, and what this rank has sent through it. */
function counted(group: ProcessGroup) {
  const sent = { gradients: 0, weights: 0 };
  const share = (group.size - 1) / group.size;
  const counting: ProcessGroup = {
    ...group,
    allToAll(output, input) {
      sent.gradients += bytesOf(input) * share;
      return group.allToAll(output, input);
    },
    allGather(output, input) {
      sent.weights += bytesOf(input) * (group.size - 1);
      return group.allGather(output, input);
    },
  };
  return { group: counting, sent };
}

async function measure({ rank, size, folder, zeroStage }: Request): Promise<Measured> {
  await initEngine({ backend: "torch", threads: 1 });
  const parameters: Record<string, Variable> = {};
  const remainders: Record<string, Variable> = {};
  for (let layer = 0; layer < layers; layer++)
    tidy(() => {
      const { weight, remainder } = splitFloat32(randomNormal([width, width], 0, width ** -0.5, "float32", layer));
      parameters[`layer${layer}`] = variable(weight);
      remainders[`layer${layer}`] = variable(remainder, false);
    });
  const x = tidy(() => toBfloat16(randomNormal([rows, width], 0, 1, "float32", 99)));
  const options = OptimizerOptions.parse({});
  let began = 0;
  let passEnded = 0;
  let started: Measured["started"] = [];
  let sent = { gradients: 0, weights: 0 };
  const onStart = (bucket: number) => void started.push([bucket, performance.now() - began]);
  const replicaOfRank = async () => {
    if (size === 1) return createReplica(parameters, options, { remainders });
    const store = { kind: "file", path: join(folder, `store-${size}-${zeroStage}`) } as const;
    const opened = await openProcessGroup({ store, prefix: "bench", rank, size, timeoutSeconds: 600 });
    const { group, sent: counts } = counted(opened);
    sent = counts;
    const common = { collective: processCollective(group), remainders };
    if (zeroStage === 0) return createReplica(parameters, options, common);
    return shardedReplica(parameters, options, { ...common, group, zeroStage, bucketMegabytes, onStart });
  };
  const replica = await replicaOfRank();
  const measured: Measured = { steps: [], passes: [], gradients: 0, weights: 0, started: [], passEnded: 0 };
  for (let step = 0; step < steps; step++) {
    [started, sent.gradients, sent.weights] = [[], 0, 0];
    let passes = 0;
    began = performance.now();
    await replica.step({
      parts,
      learningRate: 1e-3,
      async compute(_, take) {
        const from = performance.now();
        const loss = () => {
          let y = x as Tensor2D;
          for (let layer = 0; layer < layers; layer++)
            y = relu(matMul<Tensor2D>(y, parameters[`layer${layer}`] as unknown as Tensor2D));
          return mean<Scalar>(square(y));
        };
        valueAndGrads(loss, parameters, take).value.dispose();
        passes += performance.now() - from;
        passEnded = performance.now() - began;
        return { share: 0 };
      },
      reduce: () => ({ metrics: { loss: 0 } }),
    });
    if (step < 2) continue;
    measured.steps.push(performance.now() - began);
    measured.passes.push(passes);
  }
  return { ...measured, ...sent, started, passEnded };
}

const isRank = process.send !== undefined;
if (isRank)
  process.once("message", async (request: Request) => {
    process.send!(await measure(request));
    process.disconnect();
  });
else {
  const folder = mkdtempSync(join(tmpdir(), "sharded-ranks-"));
  const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  const run = async (size: number, zeroStage: number) => {
    const all = Array.from({ length: size }, async (_, rank): Promise<Measured> => {
      const member = fork(fileURLToPath(import.meta.url), {
        execArgv: ["--conditions=@videor1/source", "--import", "tsx"],
      });
      member.send({ rank, size, folder, zeroStage } satisfies Request);
      const [measured] = (await once(member, "message")) as [Measured];
      return measured;
    });
    return (await Promise.all(all))[0]!;
  };
  console.log(
    `${(layers * width ** 2) / 1e6} M parameters in bfloat16, ${parts} parts a step, buckets of ${bucketMegabytes} MB`,
  );
  for (const [size, zeroStage] of [
    [1, 0],
    [2, 2],
    [2, 1],
    [2, 0],
    [4, 2],
    [4, 1],
  ] as const) {
    const { steps, passes, gradients, weights, started, passEnded } = await run(size, zeroStage);
    const times = `step ${median(steps).toFixed(0)} ms, passes ${median(passes).toFixed(0)} ms`;
    const sent = `sends ${(gradients / 1e6).toFixed(1)} + ${(weights / 1e6).toFixed(1)} MB`;
    console.log(`ranks ${size}, zeroStage ${size === 1 ? "-" : zeroStage}: ${times}, ${sent}`);
    if (zeroStage === 2) {
      const early = started.filter(([, at]) => at < passEnded).length;
      console.log(`  buckets ${started.map(([bucket, at]) => `${bucket} at ${at.toFixed(0)}`).join(", ")} ms`);
      console.log(`  ${early} of ${started.length} start before the last pass ends, at ${passEnded.toFixed(0)} ms`);
    }
  }
  rmSync(folder, { recursive: true });
}
