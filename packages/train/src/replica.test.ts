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
import { afterAll, expect, test } from "vitest";
import { useEngine } from "../test/engine.ts";
import { normal } from "../test/normal.ts";
import { OptimizerOptions } from "./options.ts";
import { createReplica, type Replica } from "./replica.ts";
import { splitEvenly } from "./split-evenly.ts";

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
function gradientsOf(parameters: Parameters, part: typeof rows) {
  const [x, y] = [tensor2d(part.map(({ x }) => x)), tensor2d(part.map(({ y }) => y))];
  const error = () => sum<Scalar>(square(sub(add(matMul(x, parameters.w), parameters.b), y)));
  const { value, grads } = valueAndGrads(error, { ...parameters });
  value.dispose();
  x.dispose();
  y.dispose();
  return grads;
}

/** Steps of `replicas.length` workers over the rows in `count` parts, as the apps make them. */
function train(replicas: { replica: Replica; parameters: Parameters }[], count: number, steps: number): number[] {
  if (replicas.length > 1) {
    const shared = new SharedArrayBuffer(replicas[0]!.replica.bytes(count));
    for (const { replica } of replicas) replica.share(shared);
  }
  return Array.from({ length: steps }, () => {
    for (const [part, mine] of splitEvenly(rows, count).entries()) {
      const { replica, parameters } = replicas[part % replicas.length]!;
      replica.write(part, mine.length > 0 ? gradientsOf(parameters, mine) : {});
    }
    const norms = replicas.map(({ replica }) =>
      replica.apply({ parts: count, scale: 1 / rows.length, learningRate: 0.05 }),
    );
    expect(new Set(norms).size).toBe(1);
    return norms[0]!;
  });
}

function makeReplica(checkpoint?: string, parameters = makeParameters()) {
  return { replica: createReplica(parameters, options, { checkpoint }), parameters };
}

test("replicas stay equal bit for bit, and the result depends on the parts alone", () => {
  const two = [makeReplica(), makeReplica()];
  const norms = train(two, 4, 10);
  expect(valuesOf(two[0]!.parameters)).toEqual(valuesOf(two[1]!.parameters));
  for (const others of [[makeReplica()], [makeReplica(), makeReplica(), makeReplica()]]) {
    expect(train(others, 4, 10)).toEqual(norms);
    expect(valuesOf(others.at(-1)!.parameters)).toEqual(valuesOf(two[0]!.parameters));
  }
});

test.each([4, 20])("%i parts equal one big batch to 1e-6; some parts may be empty", (parts) => {
  const whole = makeReplica();
  const norms = train([whole], 1, 10);
  const split = [makeReplica(), makeReplica()];
  const splitNorms = train(split, parts, 10);
  for (const [i, norm] of norms.entries()) expect(splitNorms[i]).toBeCloseTo(norm, 5);
  for (const [i, values] of valuesOf(whole.parameters).entries())
    for (const [j, value] of values.entries())
      expect(Math.abs(valuesOf(split[0]!.parameters)[i]![j]! - value)).toBeLessThan(1e-6);
  expect(valuesOf(whole.parameters)[2]).toEqual([1, 2]);
});

test("from a checkpoint training goes on bit for bit", async () => {
  const unbroken = makeReplica();
  train([unbroken], 2, 7);

  const first = makeReplica();
  train([first], 2, 4);
  const request = { root: join(base, "checkpoints"), step: 4, state: {}, keepLast: 1, best: null };
  await first.replica.checkpoint(request, async (folder) => writeFileSync(join(folder, "model"), ""));
  expect(checkpointSteps(request.root)).toEqual([4]);

  const saved = { ...makeParameters() };
  for (const name of ["w", "b", "idle"] as const) saved[name].assign(first.parameters[name].clone());
  const second = makeReplica(join(request.root, "checkpoint-4"), saved);
  train([second], 2, 3);
  expect(valuesOf(second.parameters)).toEqual(valuesOf(unbroken.parameters));
});

test("a gradient that is not finite changes nothing", () => {
  const { replica, parameters } = makeReplica();
  replica.write(0, { b: tensor1d([1, Number.NaN, 1]) });
  const before = valuesOf(parameters);
  expect(() => replica.apply({ parts: 1, scale: 1, learningRate: 1 })).toThrow(
    expect.objectContaining({ code: "NON_FINITE_GRADIENT", parameters: ["b"] }),
  );
  expect(valuesOf(parameters)).toEqual(before);
});

test("a step without any gradient changes nothing and has norm 0", () => {
  const { replica, parameters } = makeReplica();
  for (const part of [0, 1]) replica.write(part, {});
  const before = valuesOf(parameters);
  expect(replica.apply({ parts: 2, scale: 1, learningRate: 1 })).toBe(0);
  expect(valuesOf(parameters)).toEqual(before);
});

test.each([1, 2])("steps of %i replicas leave no tensors behind", (count) => {
  const workers = Array.from({ length: count }, () => makeReplica());
  train(workers, 2, 1); // makes the moments
  const before = tensorMemory().numTensors;
  train(workers, 2, 3);
  expect(tensorMemory().numTensors).toBe(before);
});
