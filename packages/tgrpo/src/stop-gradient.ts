import { customGrad, type Tensor2D, zerosLike } from "@tensorflow/tfjs-core";

/** The values as data: identity forward, no gradient back (tfjs' `clone` passes the gradient on). */
export const stopGradient = customGrad<Tensor2D>((x) => ({
  value: (x as Tensor2D).clone(),
  gradFunc: (dy: Tensor2D) => zerosLike(dy),
}));
