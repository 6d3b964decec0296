import { add, dispose, tidy } from "@tensorflow/tfjs-core";
import { toFloat32 } from "@videor1/engine";
import { type Collective, checkAddend, checkBroadcast } from "./collective.ts";
import type { Gradients } from "./gradients.ts";

/** The collective of a run with one member. Its sums stay in the backend's memory, on a GPU too. */
export function soloCollective(): Collective {
  const self = { rank: 0, size: 1 };
  return {
    ...self,
    async broadcast(bytes, root) {
      checkBroadcast(self, bytes, root);
      return bytes!;
    },
    gather: async (value) => [value],
    async sum({ like, count, addend }) {
      const total: Gradients = {};
      try {
        for (let index = 0; index < count; index++) addTo(total, await addend(index), like);
        return total;
      } catch (error) {
        dispose(total);
        throw error;
      }
    },
    async barrier() {},
  };
}

/** Adds `grads` to `total` and takes over their tensors. */
function addTo(total: Gradients, grads: Gradients, like: Parameters<typeof checkAddend>[1]): void {
  try {
    checkAddend(grads, like);
  } catch (error) {
    dispose(grads);
    throw error;
  }
  for (const [name, gradient] of Object.entries(grads)) {
    const earlier = total[name];
    total[name] = earlier ? tidy(() => add(toFloat32(earlier), gradient)) : gradient;
    if (earlier) dispose([earlier, gradient]);
  }
}
