import type { Tensor } from "@tensorflow/tfjs-core";

/** Gradients by parameter name; a parameter that the loss does not touch has no key. */
export type Gradients = Record<string, Tensor>;
