import { randomStream } from "@videor1/random";
import { normal } from "./normal.ts";

/** Gradients of one part of a batch, of very different sizes, so that the order of a sum shows; "b" only in some parts. */
export function partGradients(part: number): Record<string, number[]> {
  const draw = randomStream(9, "part", part);
  const values = (n: number) => Array.from({ length: n }, () => normal(draw) * 10 ** (draw.int(9) - 4));
  return { a: values(10_000), ...(part % 2 === 1 && { b: values(3) }) };
}
