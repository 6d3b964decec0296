import { expect, test } from "vitest";
import { NonFiniteGradientError } from "./clip.ts";
import { finiteStep, NonFiniteLossError } from "./non-finite-step.ts";
import { errorFields, WorkerError } from "./worker-error.ts";

const fails = (error: unknown) => finiteStep(() => Promise.reject(error));

test("a step that is made", async () => {
  expect(await finiteStep(async () => 3)).toEqual({ isFinite: true, value: 3 });
});

test.each<[string, unknown, string]>([
  ["a loss", new NonFiniteLossError(Number.NaN), "The loss is NaN"],
  [
    "a gradient, in a worker",
    new WorkerError(errorFields(new NonFiniteGradientError(Number.POSITIVE_INFINITY, ["w"]))),
    "The gradient norm is Infinity; 1 parameters are affected: w",
  ],
])("%s that is not finite is an outcome", async (_, error, reason) => {
  expect(await fails(error)).toEqual({ isFinite: false, reason });
});

test.each([new RangeError("a bug"), "text", Object.assign(new Error("gone"), { code: "WORKER_DIED" })])(
  "any other failure stays one: %s",
  async (error) => {
    await expect(fails(error)).rejects.toBe(error);
  },
);
