import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memory, tensor, variable, zeros } from "@tensorflow/tfjs-core";
import { afterAll, describe, expect, test } from "vitest";
import {
  alone,
  type From,
  gradientsOf,
  type Member,
  normals,
  optionsOf,
  ranksOf,
  type Setting,
  save,
  start,
  train,
  weightsOf,
} from "../../test/sharded-members.ts";
import { whyNoTorch } from "../../test/torch-engine.ts";
import type { TakeGradient } from "../gradients.ts";
import { createReplica } from "../replica.ts";

const base = mkdtempSync(join(tmpdir(), "sharded-"));
afterAll(() => rmSync(base, { recursive: true }));

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
