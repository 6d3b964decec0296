import { dispose } from "@tensorflow/tfjs-core";
import { type Collective, checkBroadcast } from "./collective.ts";
import { gradientSum } from "./gradient-sum.ts";

/**
 * The collective of a run with one member. Its sums stay in the backend's memory, on a GPU too: gradients are added to one float32
 * buffer as they come, and freed. A sum of one addend is that addend, as it is stored.
 */
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
      const { total, begin } = gradientSum(like, count);
      try {
        for (let index = 0; index < count; index++) await addend(index, begin());
        return total;
      } catch (error) {
        dispose(total);
        throw error;
      }
    },
    async barrier() {},
  };
}
