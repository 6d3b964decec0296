import { type Tensor, tidy, type Variable, variable } from "@tensorflow/tfjs-core";
import { addInPlace, toFloat32 } from "@videor1/engine";
import { checkGradient, givenTwice, type SumRequest } from "./collective.ts";
import type { Gradients, TakeGradient } from "./gradients.ts";

/** The sum of the parts that one member computes, in the backend's memory. */
export interface GradientSum {
  /** The caller disposes of it. */
  total: Gradients;
  /** Begins a part: gradients that are taken are added to the total as they come, in float32, and freed. */
  begin(): TakeGradient;
}

/** @param parts - How many there will be; a sum of one part is that part, as it is stored. */
export function gradientSum(like: SumRequest["like"], parts: number): GradientSum {
  const total: Gradients = {};
  return {
    total,
    begin() {
      const given = new Set<string>();
      return (name, gradient) => {
        let isKept = false;
        try {
          checkGradient(name, gradient, like);
          if (given.has(name)) throw givenTwice(name);
          given.add(name);
          if (total[name]) addInPlace(total[name] as Variable, gradient);
          else total[name] = parts === 1 ? gradient : buffer(gradient);
          isKept = total[name] === gradient;
        } finally {
          if (!isKept) gradient.dispose();
        }
      };
    },
  };
}

/** A float32 copy of the first gradient, to which the others are added; not a copy where the gradient is float32 itself. */
const buffer = (gradient: Tensor): Variable => tidy(() => variable(toFloat32(gradient), false));
