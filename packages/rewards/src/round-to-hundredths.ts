/**
 * Python's `round(x, 2)`: the nearest two-decimal number to the exact binary value of x, an exact tie to the even digit
 * (0.125 -> 0.12, 0.375 -> 0.38, but 2.675 -> 2.67 because its binary value lies below the tie). Infinities and NaN stay.
 */
export function roundToHundredths(x: number): number {
  if (Number.isInteger(x) || !Number.isFinite(x)) return x;
  const size = Math.abs(x);
  const rounded = isTie(size) ? tieToEven(size) : Number(size.toFixed(2));
  return x < 0 ? -rounded : rounded;
}

/** A binary fraction lies half-way between two hundredths only at the odd eighths. */
function isTie(size: number): boolean {
  return (size * 8) % 2 === 1;
}

const evenHundredths = { 0.125: "12", 0.375: "38", 0.625: "62", 0.875: "88" } as const;

function tieToEven(size: number): number {
  const whole = Math.floor(size);
  return Number(`${whole}.${evenHundredths[(size - whole) as keyof typeof evenHundredths]}`);
}
