import type { Tensor } from "@tensorflow/tfjs-core";

/** Gradients by parameter name; a parameter that the loss does not touch has no key. */
export type Gradients = Record<string, Tensor>;

/** Takes one gradient over: it is disposed of by who takes it, also where that fails. */
export type TakeGradient = (name: string, gradient: Tensor) => void;

/** Hands all gradients over; those that are left when `take` fails are disposed of. */
export function handOverGradients(grads: Readonly<Gradients>, take: TakeGradient): void {
  const entries = Object.entries(grads);
  let taken = 0;
  try {
    for (const [name, gradient] of entries) {
      taken++;
      take(name, gradient);
    }
  } finally {
    for (const [, gradient] of entries.slice(taken)) gradient.dispose();
  }
}
