import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memory, type Tensor, tensor, tidy, type Variable, variable } from "@tensorflow/tfjs-core";
import { randomStream } from "@videor1/random";
import { openSafetensors, writeSafetensors } from "@videor1/safetensors";
import { afterAll, describe, expect, test } from "vitest";
import { useEngine } from "../test/engine.ts";
import { normal } from "../test/normal.ts";
import { type AdamWOptions, adamw } from "./adamw.ts";

useEngine();

const folder = mkdtempSync(join(tmpdir(), "adamw-"));
afterAll(() => rmSync(folder, { recursive: true }));

const options: AdamWOptions = { beta1: 0.9, beta2: 0.99, eps: 1e-8, weightDecay: 0.1 };
const size = 50;
const makeVariable = (values: readonly number[]): Variable => tidy(() => variable(tensor([...values])));

/** AdamW from algorithm 2 of arXiv:1711.05101, in float64. */
function reference(start: readonly number[], { beta1, beta2, eps, weightDecay }: AdamWOptions) {
  const p = [...start];
  const [m, v] = [p.map(() => 0), p.map(() => 0)];
  let t = 0;
  return {
    p,
    step(g: ArrayLike<number>, lr: number) {
      t++;
      for (const i of p.keys()) {
        m[i] = beta1 * m[i]! + (1 - beta1) * g[i]!;
        v[i] = beta2 * v[i]! + (1 - beta2) * g[i]! ** 2;
        const [mHat, vHat] = [m[i]! / (1 - beta1 ** t), v[i]! / (1 - beta2 ** t)];
        p[i] = p[i]! - lr * (mHat / (Math.sqrt(vHat) + eps) + weightDecay * p[i]!);
      }
    },
  };
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number) {
  for (const [i, value] of expected.entries()) expect(Math.abs(actual[i]! - value)).toBeLessThan(tolerance);
}

const withTensor = (values: ArrayLike<number>, f: (x: Tensor) => void) =>
  tidy(() => f(tensor(Float32Array.from(values))));

test("50 updates follow the float64 reference, a parameter without gradient standing still", () => {
  const draw = randomStream(1, "adamw");
  const start = Array.from({ length: size }, () => normal(draw));
  const [often, seldom] = [reference(start, options), reference(start, options)];
  const params = { often: makeVariable(start), seldom: makeVariable(start), never: makeVariable(start) };
  const optimizer = adamw(params, options);
  for (let step = 0; step < 50; step++) {
    const lr = 0.01 / (1 + step);
    const g = Float32Array.from({ length: size }, () => normal(draw) * 10 ** (draw.int(7) - 3));
    often.step(g, lr);
    if (step % 3 === 0) seldom.step(g, lr);
    withTensor(g, (gradient) => optimizer.step({ often: gradient, ...(step % 3 === 0 && { seldom: gradient }) }, lr));
  }
  expectClose(params.often.dataSync(), often.p, 5e-6);
  expectClose(params.seldom.dataSync(), seldom.p, 5e-6); // its bias correction counts its own updates, as torch's does
  expect(params.never.dataSync()).toEqual(Float32Array.from(start));
});

test("decay is decoupled, and spares the parameters of noDecay", () => {
  const params = { weight: makeVariable([1]), bias: makeVariable([1]) };
  const optimizer = adamw(params, { ...options, noDecay: ["bia"] });
  tidy(() => optimizer.step({ weight: tensor([0]), bias: tensor([0]) }, 0.5));
  expect(params.weight.dataSync()[0]).toBeCloseTo(1 - 0.5 * 0.1, 7);
  expect(params.bias.dataSync()[0]).toBe(1);
});

test("an entry of noDecay that is part of no parameter's name is a mistake", () => {
  expect(() => adamw({ weight: makeVariable([1]) }, { ...options, noDecay: ["weight", "norm"] })).toThrow(
    'optimizer.noDecay: "norm" is in the name of none of the 1 parameters',
  );
});

test("a restored optimizer goes on bit for bit", () => {
  const start = [0.5, -1, 2];
  const gradients = Array.from({ length: 6 }, (_, i) => [Math.sin(i), Math.cos(i), i - 2]);
  const run = (optimizer: ReturnType<typeof adamw>, some: readonly number[][]) => {
    for (const g of some) withTensor(g, (w) => optimizer.step({ w }, 0.1));
  };
  const straight = { w: makeVariable(start), untouched: makeVariable([1]) };
  run(adamw(straight, options), gradients);

  const before = { w: makeVariable(start), untouched: makeVariable([1]) };
  const first = adamw(before, options);
  run(first, gradients.slice(0, 3));
  const path = join(folder, "optimizer.safetensors");
  writeSafetensors(path, first.state());
  const file = openSafetensors(path);
  expect(file.names).toEqual(["w.exp_avg", "w.exp_avg_sq", "w.step"]);
  const after = { w: makeVariable([...before.w.dataSync()]), untouched: makeVariable([1]) };
  const second = adamw(after, options);
  second.restore([file]);
  file.close();
  run(second, gradients.slice(3));
  expect(after.w.dataSync()).toEqual(straight.w.dataSync());
});

test("restore refuses a state that does not fit the parameters", () => {
  const small = { w: makeVariable([1, 2]) };
  const optimizer = adamw(small, options);
  withTensor([1, 1], (w) => optimizer.step({ w }, 0.1));
  const path = join(folder, "small.safetensors");
  writeSafetensors(path, optimizer.state());
  const file = openSafetensors(path);
  expect(() => adamw({ w: makeVariable([1]) }, options).restore([file])).toThrow(
    /w.exp_avg \[2\], the parameter is \[1\]/,
  );
  expect(() => adamw({ other: makeVariable([1]) }, options).restore([file])).toThrow(
    /names "w", which is none of the 1 parameters/,
  );
  file.close();
});

describe("moments of 8 bits", () => {
  const length = 5000;
  const coded = { ...options, moments: "int8" as const };
  const draw = randomStream(3, "int8");
  const normals = () => Float32Array.from({ length }, () => normal(draw));
  const gradients = Array.from({ length: 6 }, normals);
  const start = [...normals()];
  const make = () => ({
    weight: makeVariable(start),
    small: makeVariable(start.slice(0, 4095)),
    lm_head: makeVariable(start),
  });
  const run = (optimizer: ReturnType<typeof adamw>, some: readonly Float32Array[]) => {
    for (const g of some)
      tidy(() => optimizer.step({ weight: tensor(g), small: tensor(g.slice(0, 4095)), lm_head: tensor(g) }, 1e-3));
  };
  const dtypesOf = (path: string) => {
    const file = openSafetensors(path);
    const found = Object.fromEntries(file.names.map((name) => [name, file.info(name).dtype]));
    file.close();
    return found;
  };
  const save = (optimizer: ReturnType<typeof adamw>, name: string) => {
    writeSafetensors(join(folder, name), optimizer.state());
    return join(folder, name);
  };

  test("small parameters, embeddings and heads keep float32; the others are near it", () => {
    const [exact, params] = [make(), make()];
    run(adamw(exact, options), gradients);
    const optimizer = adamw(params, coded);
    run(optimizer, gradients);
    for (const name of ["small", "lm_head"] as const) expect(params[name].dataSync()).toEqual(exact[name].dataSync());
    const [found, expected] = [params.weight.dataSync(), exact.weight.dataSync()];
    expect(found).not.toEqual(expected);
    expectClose(found, [...expected], 1e-3); // moves of 5e-3
    const dtypes = dtypesOf(save(optimizer, "kinds.safetensors"));
    expect(dtypes).toMatchObject({ "weight.exp_avg": "U8", "weight.exp_avg_absmax": "F32", "weight.exp_avg_sq": "U8" });
    expect(dtypes).toMatchObject({ "small.exp_avg": "F32", "lm_head.exp_avg_sq": "F32" });
  });

  test("a list says which keep float32 instead", () => {
    const optimizer = adamw(make(), { ...coded, float32Moments: ["weight"] });
    run(optimizer, gradients.slice(0, 1));
    expect(dtypesOf(save(optimizer, "list.safetensors"))).toMatchObject({
      "weight.exp_avg": "F32",
      "lm_head.exp_avg": "U8",
    });
    expect(() => adamw(make(), { ...coded, float32Moments: ["norm"] })).toThrow(
      'optimizer.float32Moments: "norm" is in the name of none of the 3 parameters',
    );
  });

  test("a restored optimizer goes on bit for bit, and not with moments of another kind", () => {
    const straight = make();
    run(adamw(straight, coded), gradients);
    const before = make();
    const first = adamw(before, coded);
    run(first, gradients.slice(0, 3));
    const file = openSafetensors(save(first, "int8.safetensors"));
    const second = adamw(before, coded);
    second.restore([file]);
    run(second, gradients.slice(3));
    for (const name of ["weight", "small", "lm_head"] as const)
      expect(before[name].dataSync()).toEqual(straight[name].dataSync());
    expect(() => adamw(before, options).restore([file])).toThrow(
      /holds weight.exp_avg in int8, optimizer.moments asks for float32/,
    );
    file.close();
  });

  test("steps leave no tensors behind", () => {
    const before = memory().numTensors;
    const params = make();
    const optimizer = adamw(params, coded);
    run(optimizer, gradients.slice(0, 2));
    expect(memory().numTensors).toBe(before + 3 + 4 + 2 + 2);
    optimizer.dispose();
    for (const x of Object.values(params)) x.dispose();
    expect(memory().numTensors).toBe(before);
  });
});

test("a gradient of no parameter is a mistake, and changes nothing", () => {
  const params = { w: makeVariable([1]) };
  expect(() => tidy(() => adamw(params, options).step({ w: tensor([1]), x: tensor([1]) }, 0.1))).toThrow(/names "x"/);
  expect(params.w.dataSync()[0]).toBe(1);
});

test("keeps two tensors per updated parameter, and none after dispose", () => {
  const params = { w: makeVariable([1]), x: makeVariable([1]) };
  const before = memory().numTensors;
  const optimizer = adamw(params, options);
  for (let i = 0; i < 3; i++) withTensor([1], (w) => optimizer.step({ w }, 0.1));
  expect(memory().numTensors).toBe(before + 2);
  optimizer.dispose();
  expect(memory().numTensors).toBe(before);
});
