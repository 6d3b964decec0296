import { describeError } from "@videor1/cli";
import { CheckpointError, finiteStep } from "@videor1/runs";
import { expect, test } from "vitest";
import { NonFiniteGradientError } from "./clip.ts";
import { errorFields, WorkerError } from "./worker-error.ts";

/** The error that arrives in the main thread. */
const fromWorker = (error: unknown) => new WorkerError(structuredClone(errorFields(error)));

test.each([
  new CheckpointError("CHECKPOINT_MISSING", { path: "runs/a", what: "holds no checkpoint", hint: "Start anew" }),
  new RangeError("linear: 3 is not 4"),
  Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" }),
])("a user reads the same of an error in a worker: %s", (error) => {
  expect(describeError(fromWorker(error))).toBe(describeError(error));
});

test("what is thrown and no error", () => {
  expect(describeError(fromWorker("odd"))).toContain("odd");
});

test("a gradient that is not finite in a worker is an outcome of the step", async () => {
  const error = fromWorker(new NonFiniteGradientError(Number.POSITIVE_INFINITY, ["w"]));
  const reason = "The gradient norm is Infinity; 1 parameters are affected: w";
  expect(await finiteStep(() => Promise.reject(error))).toEqual({ isFinite: false, reason });
});
