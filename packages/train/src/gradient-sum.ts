import { add, dispose, tidy } from "@tensorflow/tfjs-core";
import { toFloat32 } from "@videor1/engine";
import { type GradientLayout, gradientShard, packGradients, sumShards } from "./data-parallel.ts";
import type { Gradients } from "./gradients.ts";

/**
 * Adds up the gradients of a step's parts, in float32 and in the order of the parts: both forms give the same bytes, on any
 * number of workers.
 */
export interface GradientSum {
  /** Takes the gradients of one part over; part 0 begins a step. */
  write(part: number, grads: Gradients): void;
  /** The sum over the parts 0 to `parts` - 1, owned by the caller. A gradient that no part has is absent. */
  take(parts: number): Gradients;
}

/** Of one worker that computes all parts, in their order: the sum stays in the backend's memory, on the GPU where it is one. */
export function localGradientSum(): GradientSum {
  let total: Gradients = {};
  let written = 0;
  return {
    write(part, grads) {
      if (part === 0) {
        dispose(total);
        [total, written] = [{}, 0];
      }
      if (part !== written) {
        dispose(grads);
        throw new RangeError(`Part ${part} is written where part ${written} is due`);
      }
      written++;
      for (const [name, gradient] of Object.entries(grads)) {
        const earlier = total[name];
        total[name] = earlier ? tidy(() => add(toFloat32(earlier), gradient)) : gradient;
        if (earlier) dispose([earlier, gradient]);
      }
    },
    take(parts) {
      if (parts !== written) throw new RangeError(`${written} parts are written, not ${parts}`);
      const taken = total;
      [total, written] = [{}, 0];
      return taken;
    },
  };
}

/** Of several workers, through memory that they share; each has its own sum over the same `memory`. */
export function sharedGradientSum(layout: GradientLayout, memory: SharedArrayBuffer): GradientSum {
  const shard = (part: number) => gradientShard(layout, memory, part);
  return {
    write(part, grads) {
      packGradients(layout, grads, shard(part));
      dispose(grads);
    },
    take: (parts) =>
      sumShards(
        layout,
        Array.from({ length: parts }, (_, part) => shard(part)),
      ),
  };
}
