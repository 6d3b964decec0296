import type { RandomStream } from "@videor1/random";

/** A draw from the standard normal distribution, by Box and Muller; 1 - next() is never 0. */
export const normal = (stream: Pick<RandomStream, "next">): number =>
  Math.sqrt(-2 * Math.log(1 - stream.next())) * Math.cos(2 * Math.PI * stream.next());
