import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engine, memory, mul, type Tensor, tensor, tidy, type Variable, variable, zeros } from "@tensorflow/tfjs-core";
import { joinFloat32, splitFloat32, toBfloat16, toFloat32 } from "@videor1/engine";
import { randomStream } from "@videor1/random";
import { afterAll, describe, expect, test } from "vitest";
import { memoryCollective, memoryGroups } from "../../test/memory-groups.ts";
import { normal } from "../../test/normal.ts";
import { whyNoTorch } from "../../test/torch-engine.ts";
import type { Gradients, TakeGradient } from "../gradients.ts";
import { OptimizerOptions } from "../options.ts";
import { createReplica, type Replica } from "../replica.ts";
import { shardedReplica } from "./sharded-replica.ts";

const base = mkdtempSync(join(tmpdir(), "sharded-"));
afterAll(() => rmSync(base, { recursive: true }));

type Dtype = "float32" | "bfloat16";
const shapes = { embed: [70, 40], weight: [90, 50], bias: [50], scalar: [1], late: [300], idle: [3] } as const;
type Name = keyof typeof shapes;
const sizeOf = (name: Name) => shapes[name].reduce<number>((product, n) => product * n, 1);

function normals(name: string, count: number, scale: number): number[] {
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
function gradientsOf(step: number, part: number, dtype: Dtype): Gradients {
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

interface Member {
  replica: Replica;
  parameters: Record<string, Variable>;
  /** What every weight lacks of float32; of one rank alone. */
  remainders: Record<string, Variable>;
}

interface Setting {
  dtype?: Dtype;
  moments?: "float32" | "int8";
  zeroStage?: 1 | 2;
  bucketMegabytes?: number;
}

/** Drawn weights; or those of a member, which a checkpoint's model has: with remainders as float32, else as they compute. */
function start(dtype: Dtype, from?: Pick<Member, "parameters" | "remainders">) {
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

const optionsOf = ({ moments = "float32" }: Setting) =>
  OptimizerOptions.parse({ weightDecay: 0.01, maxGradNorm: 0.5, moments, float32Moments: ["embed"] });

const weightsOf = ({ parameters }: Member) =>
  Object.fromEntries(Object.entries(parameters).map(([name, x]) => [name, [...x.dataSync()]]));

interface From {
  member: Member;
  checkpoint: string;
}

function alone(setting: Setting, from?: From): Member {
  const state = start(setting.dtype ?? "float32", from?.member);
  const { checkpoint } = from ?? {};
  return { ...state, replica: createReplica(state.parameters, optionsOf(setting), { ...state, checkpoint }) };
}

function ranksOf(size: number, setting: Setting, from?: From): Member[] {
  return memoryGroups(size).map((group) => {
    const { parameters, remainders } = start(setting.dtype ?? "float32", from?.member);
    const { zeroStage = 2, bucketMegabytes = 0.004 } = setting;
    const how = { group, collective: memoryCollective(group), zeroStage, bucketMegabytes, remainders };
    const replica = shardedReplica(parameters, optionsOf(setting), { ...how, checkpoint: from?.checkpoint });
    return { replica, parameters, remainders: {} };
  });
}

/** Every member's checkpoint, of one step. */
async function save(members: readonly Member[], root: string): Promise<From> {
  Object.assign(engine().backend, { flushWrites: undefined }); // one thread cannot leave the writes of several members for later
  const request = { root, step: 2, state: {}, keepLast: 1, best: null, wait: true };
  await Promise.all(members.map(({ replica }) => replica.checkpoint(request, async () => {})));
  return { member: members[0]!, checkpoint: join(root, "checkpoint-2") };
}

/** The norms of steps of `parts` parts. Gradients are taken in reversed order, as a backward pass gives them. */
async function train(members: readonly Member[], parts: number, steps: readonly number[], dtype: Dtype = "float32") {
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

describe.skipIf(whyNoTorch)(`sharded replicas ${whyNoTorch ?? ""}`, () => {
  const steps = [1, 2, 3];

  test.each<[number, number, Setting]>([
    [2, 4, {}],
    [3, 4, { bucketMegabytes: 1 }], // the last round has fewer parts than ranks
    [4, 3, { dtype: "bfloat16" }], // one rank has no part
    [2, 5, { dtype: "bfloat16", moments: "int8" }],
    [3, 1, { dtype: "bfloat16", moments: "int8", bucketMegabytes: 1 }],
    [5, 6, { moments: "int8" }],
    [2, 2, { zeroStage: 1 }], // a part a rank: the order is the same
  ])("%i ranks give the bytes of one process, in %i parts: %j", async (size, parts, setting) => {
    const one = alone(setting);
    const norms = await train([one], parts, steps, setting.dtype);
    const ranks = ranksOf(size, setting);
    expect(await train(ranks, parts, steps, setting.dtype)).toEqual(norms);
    for (const rank of ranks) expect(weightsOf(rank)).toEqual(weightsOf(one));
  });

  test.each<[string, Setting, number[]]>([
    ["float32", {}, [1, 2, 3]],
    ["bfloat16, moments in 8 bits", { dtype: "bfloat16", moments: "int8" }, [3, 1, 2, 1]],
  ])("a checkpoint of any number of ranks is one of any other's, to the same bytes: %s", async (_, setting, sizes) => {
    const { dtype } = setting;
    const start = (size: number, from?: From) => (size === 1 ? [alone(setting, from)] : ranksOf(size, setting, from));
    const unbroken = start(1);
    let members = start(1);
    for (const [i, size] of sizes.entries()) {
      if (i > 0) members = start(size, await save(members, join(base, `${i} of ${dtype}`)));
      const norms = await train(unbroken, 3, [2 * i, 2 * i + 1], dtype);
      expect(await train(members, 3, [2 * i, 2 * i + 1], dtype)).toEqual(norms);
      for (const member of members) expect(weightsOf(member)).toEqual(weightsOf(unbroken[0]!));
    }
  });

  test("a rank that adds its own parts up first comes near", async () => {
    const one = alone({});
    const norms = await train([one], 5, steps);
    const ranks = ranksOf(2, { zeroStage: 1 });
    for (const [i, norm] of (await train(ranks, 5, steps)).entries()) expect(norm).toBeCloseTo(norms[i]!, 4);
    expect(weightsOf(ranks[0]!)).toEqual(weightsOf(ranks[1]!));
    const own = weightsOf(ranks[0]!);
    const differences = Object.entries(weightsOf(one)).flatMap(([name, values]) =>
      values.map((value, i) => Math.abs(own[name]![i]! - value)),
    );
    expect(Math.max(...differences)).toBeLessThan(1e-6);
  });

  /** A step whose part 1 does something else; what came of it on every rank. */
  const stepWith = (ranks: readonly Member[], give: (take: TakeGradient) => void) =>
    Promise.allSettled(
      ranks.map(({ replica }) =>
        replica.step({
          parts: 4,
          learningRate: 1,
          async compute(part, take) {
            if (part === 1) give(take);
            else for (const [name, gradient] of Object.entries(gradientsOf(9, part, "float32"))) take(name, gradient);
            return { share: {} };
          },
          reduce: () => ({ metrics: { loss: 0 } }),
        }),
      ),
    );

  test.each<[string, (take: TakeGradient) => void, object]>([
    [
      "fails amid its gradients",
      (take) => {
        take("late", tensor(normals("late", 300, 1)));
        throw Object.assign(new Error("part 1 overflows"), { code: "OVERFLOW" });
      },
      { message: "part 1 overflows", code: "OVERFLOW" },
    ],
    [
      "gives a stranger",
      (take) => take("odd", tensor([1])),
      { message: expect.stringContaining('"odd", which is none') },
    ],
    [
      "gives one twice",
      (take) => {
        for (let i = 0; i < 2; i++) take("idle", tensor([1, 2, 3]));
      },
      { message: 'sum: an addend gives "idle" twice' },
    ],
    [
      "has gradients that are not finite",
      (take) => {
        take("weight", tensor(new Float32Array(4500).fill(Number.NaN), [90, 50]));
        take("idle", tensor([1, Number.POSITIVE_INFINITY, 1]));
      },
      { code: "NON_FINITE_GRADIENT", parameters: ["idle", "weight"] },
    ],
  ])("a part that %s fails on every rank, and changes nothing; the next step is right", async (_, give, error) => {
    const [ranks, one] = [ranksOf(3, { zeroStage: 2 }), alone({})];
    await train([...ranks], 4, [1]);
    await train([one], 4, [1]);
    const before = memory().numTensors;
    for (const outcome of await stepWith(ranks, give))
      expect(outcome).toMatchObject({ status: "rejected", reason: error });
    expect(memory().numTensors).toBe(before);
    expect(await train(ranks, 4, [2])).toEqual(await train([one], 4, [2]));
    expect(weightsOf(ranks[2]!)).toEqual(weightsOf(one));
  });

  test("a checkpoint of weights in bfloat16 is refused by a run in float32, and one of other shapes", async () => {
    const setting: Setting = { dtype: "bfloat16" };
    const ranks = ranksOf(2, setting);
    await train(ranks, 2, [1], "bfloat16");
    const { checkpoint } = await save(ranks, join(base, "other dtype"));
    const { parameters } = start("float32");
    expect(() => createReplica(parameters, optionsOf({}), { checkpoint })).toThrow(
      /in bfloat16 .*go on with dtype bfloat16/,
    );
    const other = {
      ...start("bfloat16"),
      parameters: { ...start("bfloat16").parameters, late: variable(zeros([301])) },
    };
    expect(() => createReplica(other.parameters, optionsOf({}), { ...other, checkpoint })).toThrow(
      /late.exp_avg \[300\], the parameter is \[301\]/,
    );
  });
});
