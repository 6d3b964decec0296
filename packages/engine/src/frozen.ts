import { type Tensor, Variable } from "@tensorflow/tfjs-core";

/** Whether a tensor is a weight that training leaves as it is: a variable with `trainable: false`. */
export const isFrozen = (x: Tensor): boolean => x instanceof Variable && !x.trainable;
