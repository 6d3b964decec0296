// Members of runs on torch, of one rank or several in this thread, for the tests of sharded replicas.
import { join } from "node:path";
import { engine, mul, type Tensor, tensor, tidy, type Variable, variable } from "@tensorflow/tfjs-core";
import { joinFloat32, splitFloat32, toBfloat16, toFloat32 } from "@videor1/engine";
import { randomStream } from "@videor1/random";
import { expect } from "vitest";
import type { Gradients } from "../src/gradients.ts";
import { OptimizerOptions } from "../src/options.ts";
import { createReplica, type Replica } from "../src/replica.ts";
import { shardedReplica } from "../src/sharded/sharded-replica.ts";
import { memoryCollective, memoryGroups } from "./memory-groups.ts";
import { normal } from "./normal.ts";

export type Dtype = "float32" | "bfloat16";
const shapes = { embed: [70, 40], weight: [90, 50], bias: [50], scalar: [1], late: [300], idle: [3] } as const;
type Name = keyof typeof shapes;
const sizeOf = (name: Name) => shapes[name].reduce<number>((product, n) => product * n, 1);

export function normals(name: string, count: number, scale: number): number[] {
  const draw = randomStream(7, name);
  return Array.from({ length: count }, () => scale * normal(draw));
}

const stored = (x: Tensor, dtype: Dtype): Tensor => {
  if (dtype === "float32") return x;
  const narrow = toBfloat16(x);
  x.dispose();
  return narrow;
};

/** Gradients of one part: "late" has one in odd parts alone, "idle" never, "bias" is float32 always. Sizes differ, so that order shows. */
export function gradientsOf(step: number, part: number, dtype: Dtype): Gradients {
  const present = (Object.keys(shapes) as Name[]).filter(
    (name) => name !== "idle" && (name !== "late" || part % 2 === 1),
  );
  return Object.fromEntries(
    present.map((name) => {
      const values = normals(`gradient ${step} ${part} ${name}`, sizeOf(name), 10 ** ((part % 3) - 1));
      if (part === 0 || name === "late") values[0] = -0;
      return [name, stored(tensor(values, [...shapes[name]]), name === "bias" ? "float32" : dtype)];
    }),
  );
}

export interface Member {
  replica: Replica;
  parameters: Record<string, Variable>;
  /** What every weight lacks of float32; of one rank alone. */
  remainders: Record<string, Variable>;
}

export interface Setting {
  dtype?: Dtype;
  moments?: "float32" | "int8";
  zeroStage?: 1 | 2;
  bucketMegabytes?: number;
}

/** Drawn weights; or those of a member, which a checkpoint's model has: with remainders as float32, else as they compute. */
export function start(dtype: Dtype, from?: Pick<Member, "parameters" | "remainders">) {
  const parameters: Record<string, Variable> = {};
  const remainders: Record<string, Variable> = {};
  for (const name of Object.keys(shapes) as Name[])
    tidy(() => {
      const [weight, remainder] = [from?.parameters[name], from?.remainders[name]];
      const whole = !weight
        ? tensor(normals(name, sizeOf(name), 1), [...shapes[name]])
        : remainder
          ? joinFloat32({ weight, remainder })
          : toFloat32(weight);
      const split = dtype === "bfloat16" ? splitFloat32(whole) : { weight: mul(whole, 1) };
      parameters[name] = variable(split.weight);
      if ("remainder" in split) remainders[name] = variable(split.remainder, false);
    });
  return { parameters, remainders };
}

export const optionsOf = ({ moments = "float32" }: Setting) =>
  OptimizerOptions.parse({ weightDecay: 0.01, maxGradNorm: 0.5, moments, float32Moments: ["embed"] });

export const weightsOf = ({ parameters }: Member) =>
  Object.fromEntries(Object.entries(parameters).map(([name, x]) => [name, [...x.dataSync()]]));

export interface From {
  member: Member;
  checkpoint: string;
}

export function alone(setting: Setting, from?: From): Member {
  const state = start(setting.dtype ?? "float32", from?.member);
  const { checkpoint } = from ?? {};
  return { ...state, replica: createReplica(state.parameters, optionsOf(setting), { ...state, checkpoint }) };
}

export function ranksOf(size: number, setting: Setting, from?: From): Member[] {
  return memoryGroups(size).map((group) => {
    const { parameters, remainders } = start(setting.dtype ?? "float32", from?.member);
    const { zeroStage = 2, bucketMegabytes = 0.004 } = setting;
    const how = { group, collective: memoryCollective(group), zeroStage, bucketMegabytes, remainders };
    const replica = shardedReplica(parameters, optionsOf(setting), { ...how, checkpoint: from?.checkpoint });
    return { replica, parameters, remainders: {} };
  });
}

/** Every member's checkpoint, of one step. */
export async function save(members: readonly Member[], root: string): Promise<From> {
  Object.assign(engine().backend, { flushWrites: undefined }); // one thread cannot leave the writes of several members for later
  const request = { root, step: 2, state: {}, keepLast: 1, best: null, wait: true };
  await Promise.all(members.map(({ replica }) => replica.checkpoint(request, async () => {})));
  return { member: members[0]!, checkpoint: join(root, "checkpoint-2") };
}

/** The norms of steps of `parts` parts. Gradients are taken in reversed order, as a backward pass gives them. */
export async function train(
  members: readonly Member[],
  parts: number,
  steps: readonly number[],
  dtype: Dtype = "float32",
) {
  const norms: number[] = [];
  for (const step of steps) {
    const made = await Promise.all(
      members.map(({ replica }) =>
        replica.step({
          parts,
          learningRate: 0.01,
          async compute(part, take) {
            for (const [name, gradient] of Object.entries(gradientsOf(step, part, dtype)).reverse())
              take(name, gradient);
            return { share: { part } };
          },
          reduce: (shares) => ({ metrics: { loss: shares.length }, scale: 1 / parts }),
        }),
      ),
    );
    for (const one of made) expect(one).toEqual(made[0]);
    norms.push(made[0]!.gradNorm);
  }
  return norms;
}
