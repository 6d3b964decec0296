import { add, dispose, mul, tidy } from "@tensorflow/tfjs-core";
import type { Gradients } from "./gradients.ts";

export interface GradientAccumulator {
  /** Adds weight * grads to the sum and disposes of `grads`. For a mean over n micro-batches the weight is 1 / n. */
  add(grads: Gradients, weight?: number): void;
  /** The sum, owned by the caller; the accumulator starts again from nothing. Absent in every addend means absent. */
  take(): Gradients;
}

/** Sums gradients of micro-batches in the order in which they come. */
export function gradientAccumulator(): GradientAccumulator {
  let total: Gradients = {};
  return {
    add(grads, weight = 1) {
      for (const [name, gradient] of Object.entries(grads)) {
        const previous = total[name];
        total[name] = tidy(() => {
          const weighted = mul(gradient, weight);
          return previous ? add(previous, weighted) : weighted;
        });
        previous?.dispose();
      }
      dispose(grads);
    },
    take() {
      const sum = total;
      total = {};
      return sum;
    },
  };
}
