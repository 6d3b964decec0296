import { expect, test } from "vitest";
import { finiteStep, NonFiniteLossError } from "./non-finite-step.ts";

const fails = (error: unknown) => finiteStep(() => Promise.reject(error));

test("a step that is made", async () => {
  expect(await finiteStep(async () => 3)).toEqual({ isFinite: true, value: 3 });
});

test.each<[string, unknown, string]>([
  ["a loss", new NonFiniteLossError(Number.NaN), "The loss is NaN"],
  ["a gradient", Object.assign(new Error("The norm is NaN"), { code: "NON_FINITE_GRADIENT" }), "The norm is NaN"],
  ["a logit", Object.assign(new Error("The logits are NaN"), { code: "NON_FINITE_LOGITS" }), "The logits are NaN"],
])("%s that is not finite is an outcome", async (_, error, reason) => {
  expect(await fails(error)).toEqual({ isFinite: false, reason });
});

test.each([new RangeError("a bug"), "text", Object.assign(new Error("gone"), { code: "WORKER_DIED" })])(
  "any other failure stays one: %s",
  async (error) => {
    await expect(fails(error)).rejects.toBe(error);
  },
);
