import { type BackendName, type EngineOptions, initEngine } from "./backend.ts";
import { type Check, checkOp, type Tolerance } from "./conformance/check.ts";
import { errorCases } from "./conformance/error-cases.ts";
import { frozenCases } from "./conformance/frozen-cases.ts";
import { fusedCases } from "./conformance/fused-cases.ts";
import { gradientCases } from "./conformance/gradient-cases.ts";
import { inPlaceCases } from "./conformance/in-place-cases.ts";
import { kernelCases } from "./conformance/kernel-cases.ts";
import { kernelOpCases } from "./conformance/kernel-op-cases.ts";
import { moveCases } from "./conformance/move-cases.ts";
import { opCases } from "./conformance/op-cases.ts";

export type { Tolerance } from "./conformance/check.ts";
export { processCpuSeconds, type Timing, timeCalls, timeRuns } from "./timing.ts";

/** The functions of a test runner that the suite needs; vitest's `describe`, `test` and `expect` fit. */
export interface Runner {
  describe(name: string, body: () => void): void;
  test: {
    (name: string, body: () => void | Promise<void>): void;
    skip(name: string, body: () => void | Promise<void>): void;
  };
  expect(actual: unknown): { toEqual(expected: unknown): void };
}

export interface ConformanceOptions extends Runner {
  backend: BackendName;
  /** Further options of `initEngine`. */
  engine?: Omit<EngineOptions, "backend">;
  /** Largest difference of float32 results from float64 formulas; default 2e-5 relative, 2e-6 absolute. */
  tolerance?: Tolerance;
  /** Tests by their exact names. */
  skip?: readonly { reason: string; tests: readonly string[] }[];
}

/**
 * Defines the tests that every backend of the engine passes: each op's value and gradients against its formula in
 * float64, fused kernels against tfjs ops, the tfjs kernels that the model uses, memory, errors.
 */
export function runConformance(options: ConformanceOptions): void {
  const { backend, engine = {}, describe, test, expect, tolerance, skip = [] } = options;
  const check: Check = {
    tolerance: tolerance ?? { relative: 2e-5, absolute: 2e-6 },
    equal: (actual, expected) => expect(actual).toEqual(expected),
  };
  const reasons = new Map(skip.flatMap(({ reason, tests }) => tests.map((name) => [name, reason] as const)));
  const define = (name: string, run: () => void | Promise<void>) => {
    const reason = reasons.get(name);
    const body = async () => {
      await initEngine({ backend, ...engine });
      await run();
    };
    if (reason === undefined) test(name, body);
    else test.skip(`${name} (${reason})`, body);
  };
  describe(`conformance of ${backend} ${JSON.stringify(engine)}`, () => {
    for (const opCase of [...opCases, ...kernelOpCases, ...moveCases])
      define(opCase.name, () => checkOp(check, opCase));
    for (const { name, run } of [
      ...fusedCases,
      ...kernelCases,
      ...inPlaceCases,
      ...gradientCases,
      ...frozenCases,
      ...errorCases,
    ])
      define(name, () => run(check));
  });
}
