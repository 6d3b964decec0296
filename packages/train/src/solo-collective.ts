import { dispose, type Tensor, tidy, type Variable, variable } from "@tensorflow/tfjs-core";
import { addInPlace, toFloat32 } from "@videor1/engine";
import { type Collective, checkBroadcast, checkGradient, givenTwice } from "./collective.ts";
import type { Gradients } from "./gradients.ts";

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
      const total: Gradients = {};
      try {
        for (let index = 0; index < count; index++) {
          const given = new Set<string>();
          await addend(index, (name, gradient) => {
            let isKept = false;
            try {
              checkGradient(name, gradient, like);
              if (given.has(name)) throw givenTwice(name);
              given.add(name);
              if (total[name]) addInPlace(total[name] as Variable, gradient);
              else total[name] = count === 1 ? gradient : buffer(gradient);
              isKept = total[name] === gradient;
            } finally {
              if (!isKept) gradient.dispose();
            }
          });
        }
        return total;
      } catch (error) {
        dispose(total);
        throw error;
      }
    },
    async barrier() {},
  };
}

/** A float32 copy of the first gradient, to which the others are added; not a copy where the gradient is float32 itself. */
const buffer = (gradient: Tensor): Variable => tidy(() => variable(toFloat32(gradient), false));
