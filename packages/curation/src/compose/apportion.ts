/**
 * Whole numbers n_i <= caps_i in proportion to `weights` that add up to `total`, or to the sum of the caps if that is less: seat
 * k of i, counted from 0, has the priority w_i / (2k + 1), and the highest priorities have seats, of equal ones the earlier i's
 * (Sainte-Laguë). So a quota that comes out whole is met exactly, and a larger cap or one more i takes seats, and gives the others
 * none.
 *
 * @param weights - 0 or more; 0 has no seat.
 */
export function apportion(weights: readonly number[], total: number, caps: readonly number[]): number[] {
  const seatsAt = (scale: number) =>
    weights.map((weight, i) => (weight > 0 ? Math.min(caps[i]!, Math.floor(weight * scale + 0.5)) : 0));
  const room = sum(weights.map((weight, i) => (weight > 0 ? caps[i]! : 0)));
  const wanted = Math.min(total, room);
  let low = 0;
  let high = 1;
  while (sum(seatsAt(high)) < wanted) high *= 2;
  for (let step = 0; step < 100; step += 1) {
    const middle = (low + high) / 2;
    if (sum(seatsAt(middle)) <= wanted) low = middle;
    else high = middle;
  }
  const seats = seatsAt(low * (1 - 1e-9)); // rounding decides no tie: the last seats, one of each at most, go by priority
  const next = weights
    .map((weight, i) => ({ i, priority: seats[i]! < caps[i]! ? weight / (2 * seats[i]! + 1) : 0 }))
    .filter(({ priority }) => priority > 0)
    .sort((a, b) => b.priority - a.priority || a.i - b.i);
  for (const { i } of next.slice(0, wanted - sum(seats))) seats[i]! += 1;
  return seats;
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
