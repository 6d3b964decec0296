import { z975 as z } from "./interval.ts";

/** 97.5 % points of Student's t for 1 to 30 degrees of freedom. */
const table = [
  12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281, 2.201, 2.1788, 2.1604, 2.1448, 2.1314,
  2.1199, 2.1098, 2.1009, 2.093, 2.086, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423,
];

/**
 * 97.5 % point of Student's t: from a table up to 30 degrees of freedom, beyond by the first terms of its expansion,
 * z + (z³ + z) / 4f + (5z⁵ + 16z³ + 3z) / 96f², good to 3 decimals there.
 *
 * @see Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5
 */
export const tPoint = (freedom: number): number =>
  table[freedom - 1] ?? z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);

/**
 * P(|T| >= |t|) of Student's t with a whole number of degrees of freedom f >= 1.
 *
 * 1 - A with θ = atan(|t| / √f): for odd f, A = 2/π (θ + sin θ (cos θ + 2/3 cos³θ + 2·4/(3·5) cos⁵θ + … to cos^(f-2)));
 * for even f, A = sin θ (1 + 1/2 cos²θ + 1·3/(2·4) cos⁴θ + … to cos^(f-2)). Exact to rounding, about 1e-15 absolute.
 *
 * @see Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4
 */
export function tTwoSided(t: number, freedom: number): number {
  const theta = Math.atan(Math.abs(t) / Math.sqrt(freedom));
  const cosine = Math.cos(theta);
  const odd = freedom % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = odd && freedom === 1 ? 0 : term;
  for (let power = odd ? 3 : 2; power <= freedom - 2; power += 2) {
    term *= ((power - 1) / power) * cosine ** 2;
    sum += term;
  }
  const within = odd ? (2 / Math.PI) * (theta + Math.sin(theta) * sum) : Math.sin(theta) * sum;
  return Math.min(1, Math.max(0, 1 - within));
}
