import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  add,
  matMul,
  type Scalar,
  square,
  sub,
  sum,
  tensor1d,
  tensor2d,
  memory as tensorMemory,
  type Variable,
  variable,
} from "@tensorflow/tfjs-core";
import { valueAndGrads } from "@videor1/engine";
import { randomStream } from "@videor1/random";
import { checkpointSteps } from "@videor1/runs";
import { afterAll, describe, expect, test } from "vitest";
import { useEngine } from "../test/engine.ts";
import { normal } from "../test/normal.ts";
import type { Gradients } from "./gradients.ts";
import { OptimizerOptions } from "./options.ts";
import { createReplica, type Replica } from "./replica.ts";
import { splitEvenly } from "./split-evenly.ts";
import { threadCollective, threadMembers } from "./thread-collective.ts";

useEngine();
const base = mkdtempSync(join(tmpdir(), "replica-"));
afterAll(() => rmSync(base, { recursive: true }));

type Parameters = { w: Variable; b: Variable; idle: Variable };
const draw = randomStream(5, "replica");
const normals = (n: number) => Array.from({ length: n }, () => normal(draw));
const rows = Array.from({ length: 12 }, () => ({ x: normals(8), y: normals(3) }));
const start = normals(24);

const makeParameters = (): Parameters => ({
  w: variable(tensor2d(start, [8, 3])),
  b: variable(tensor1d([0, 0, 0])),
  idle: variable(tensor1d([1, 2])), // no gradient ever
});
const options = OptimizerOptions.parse({ weightDecay: 0.01, maxGradNorm: 0.5 });
const valuesOf = (parameters: Parameters) => Object.values(parameters).map((parameter) => [...parameter.dataSync()]);

/** Gradients of the summed squared error of some rows. */
function gradientsOf(parameters: Parameters, part: typeof rows): Gradients {
  if (part.length === 0) return {};
  const [x, y] = [tensor2d(part.map(({ x }) => x)), tensor2d(part.map(({ y }) => y))];
  const error = () => sum<Scalar>(square(sub(add(matMul(x, parameters.w), parameters.b), y)));
  const { value, grads } = valueAndGrads(error, { ...parameters });
  value.dispose();
  x.dispose();
  y.dispose();
  return grads;
}

interface Member {
  replica: Replica;
  parameters: Parameters;
}

/** `size` members of one run, all in this thread. */
function makeMembers(size: number, { checkpoint, start = makeParameters }: MemberOptions = {}): Member[] {
  return threadMembers(size).map((member) => {
    const parameters = start();
    return {
      replica: createReplica(parameters, options, { checkpoint, collective: threadCollective(member) }),
      parameters,
    };
  });
}

interface MemberOptions {
  checkpoint?: string;
  start?: () => Parameters;
}

/** The gradient norms of steps over the rows in `count` parts. `areTaken`: gradients are given one by one. */
async function train(members: readonly Member[], count: number, steps: number, areTaken = false): Promise<number[]> {
  const batch = splitEvenly(rows, count);
  const norms: number[] = [];
  for (let step = 0; step < steps; step++) {
    const made = await Promise.all(
      members.map(({ replica, parameters }) =>
        replica.step({
          parts: count,
          learningRate: 0.05,
          async compute(part, take) {
            const [grads, share] = [gradientsOf(parameters, batch[part]!), batch[part]!.length];
            if (!areTaken) return { grads, share };
            for (const [name, gradient] of Object.entries(grads)) take(name, gradient);
            return { share };
          },
          reduce: (shares) => {
            const total = shares.reduce((a, b) => a + b, 0);
            return { metrics: { loss: 0, total, shares }, scale: 1 / total };
          },
        }),
      ),
    );
    for (const other of made) expect(other).toEqual({ ...made[0]!, shares: batch.map(({ length }) => length) });
    norms.push(made[0]!.gradNorm);
  }
  return norms;
}

/** A step of one part with given gradients and loss. */
const stepWith = ({ replica }: Member, grads: Gradients, loss = 0) =>
  replica.step({
    parts: 1,
    learningRate: 1,
    compute: async () => ({ grads, share: {} }),
    reduce: () => ({ metrics: { loss } }),
  });

test("replicas stay equal bit for bit, and the result depends on the parts alone", async () => {
  const two = makeMembers(2);
  const norms = await train(two, 4, 10);
  expect(valuesOf(two[0]!.parameters)).toEqual(valuesOf(two[1]!.parameters));
  for (const size of [1, 3]) {
    const others = makeMembers(size);
    expect(await train(others, 4, 10)).toEqual(norms);
    expect(valuesOf(others.at(-1)!.parameters)).toEqual(valuesOf(two[0]!.parameters));
  }
});

test.each([4, 20])("%i parts equal one big batch to 1e-6; some parts may be empty", async (parts) => {
  const whole = makeMembers(1);
  const norms = await train(whole, 1, 10);
  const split = makeMembers(2);
  const splitNorms = await train(split, parts, 10);
  for (const [i, norm] of norms.entries()) expect(splitNorms[i]).toBeCloseTo(norm, 5);
  for (const [i, values] of valuesOf(whole[0]!.parameters).entries())
    for (const [j, value] of values.entries())
      expect(Math.abs(valuesOf(split[0]!.parameters)[i]![j]! - value)).toBeLessThan(1e-6);
  expect(valuesOf(whole[0]!.parameters)[2]).toEqual([1, 2]);
});

test.each([1, 3])(
  "gradients taken as they come give the bytes of those that are returned, on %i members",
  async (size) => {
    const returned = makeMembers(1);
    const norms = await train(returned, 4, 5);
    const taken = makeMembers(size);
    const before = tensorMemory().numTensors;
    expect(await train(taken, 4, 5, true)).toEqual(norms);
    for (const { parameters } of taken) expect(valuesOf(parameters)).toEqual(valuesOf(returned[0]!.parameters));
    expect(tensorMemory().numTensors).toBe(before + 4 * size); // moments of two parameters
  },
);

test("from a checkpoint training goes on bit for bit", async () => {
  const unbroken = makeMembers(1);
  await train(unbroken, 2, 7);

  const first = makeMembers(1);
  await train(first, 2, 4);
  const request = { root: join(base, "checkpoints"), step: 4, state: {}, keepLast: 1, best: null, wait: false };
  await first[0]!.replica.checkpoint(request, async (folder) => writeFileSync(join(folder, "model"), ""));
  expect(checkpointSteps(request.root)).toEqual([4]);

  const saved = () => {
    const parameters = makeParameters();
    for (const name of ["w", "b", "idle"] as const) parameters[name].assign(first[0]!.parameters[name].clone());
    return parameters;
  };
  const second = makeMembers(2, { checkpoint: join(request.root, "checkpoint-4"), start: saved });
  await train(second, 2, 3);
  for (const { parameters } of second) expect(valuesOf(parameters)).toEqual(valuesOf(unbroken[0]!.parameters));
});

test("a gradient or a loss that is not finite changes nothing", async () => {
  const [member] = makeMembers(1);
  const before = valuesOf(member!.parameters);
  await expect(stepWith(member!, { b: tensor1d([1, Number.NaN, 1]) })).rejects.toMatchObject({
    code: "NON_FINITE_GRADIENT",
    parameters: ["b"],
  });
  await expect(stepWith(member!, { b: tensor1d([1, 2, 1]) }, Number.NaN)).rejects.toMatchObject({
    code: "NON_FINITE_LOSS",
  });
  expect(valuesOf(member!.parameters)).toEqual(before);
});

test("a step without any gradient changes nothing and has norm 0", async () => {
  const [member] = makeMembers(1);
  const before = valuesOf(member!.parameters);
  expect(await stepWith(member!, {})).toEqual({ loss: 0, gradNorm: 0 });
  expect(valuesOf(member!.parameters)).toEqual(before);
});

test.each([1, 2])("steps of %i replicas leave no tensors behind", async (size) => {
  const members = makeMembers(size);
  await train(members, 2, 1); // makes the moments
  const before = tensorMemory().numTensors;
  await train(members, 2, 3);
  expect(tensorMemory().numTensors).toBe(before);
});

describe("the check that replicas are equal", () => {
  const check = (members: readonly Member[]) =>
    Promise.allSettled(members.map(({ replica }) => replica.checkEqual("At the start")));

  test("passes where they are, and leaves no tensors behind", async () => {
    const members = makeMembers(3);
    const before = tensorMemory().numTensors;
    for (const outcome of await check(members)) expect(outcome.status).toBe("fulfilled");
    expect(tensorMemory().numTensors).toBe(before);
  });

  test("names, on every member, the ranks and the parameters that are not those of rank 0", async () => {
    const members = makeMembers(3);
    members[1]!.parameters.b.assign(tensor1d([0, 0, 1e-7]));
    const message = "At the start the parameters differ from those of rank 0: rank 1 in b";
    for (const outcome of await check(members))
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "REPLICAS_DIFFER", ranks: [1], message } });
  });

  test("knows a parameter that only one has, and another shape", async () => {
    const members = makeMembers(2, { start: () => ({ ...makeParameters(), ...(starts++ === 1 && odd()) }) });
    const [, outcome] = await check(members);
    expect(outcome).toMatchObject({
      reason: { message: expect.stringMatching(/rank 1 in (idle, extra|extra, idle)$/) },
    });
  });
  let starts = 0;
  const odd = () => ({ extra: variable(tensor1d([1])), idle: variable(tensor2d([[1, 2]])) as unknown as Variable });

  test("looks at both ends of a long parameter", async () => {
    for (const at of [0, 99_999]) {
      const long = (nudge: number) => Float32Array.from({ length: 100_000 }, (_, i) => i + (i === at ? nudge : 0));
      let nudge = 0;
      const start = () => ({ ...makeParameters(), w: variable(tensor1d(long(nudge++))) });
      const [outcome] = await check(makeMembers(2, { start }));
      expect(outcome).toMatchObject({ reason: { message: expect.stringMatching(/rank 1 in w$/) } });
    }
  });
});
