/** `f"{x:.{decimals}f}"`: the exact binary value rounded, a tie to the even digit, where `toFixed` rounds it up. */
export function fixedText(x: number, decimals: number): string {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  const sign = x < 0 || Object.is(x, -0) ? "-" : "";
  const size = Math.abs(x);
  if (size >= 2 ** 53) return `${sign}${BigInt(size)}${decimals > 0 ? `.${"0".repeat(decimals)}` : ""}`;
  const text = size.toFixed(decimals);
  // A binary fraction lies half-way between two decimals only if doubling it decimals + 1 times gives an odd integer.
  const isTie = (size * 2 ** (decimals + 1)) % 2 === 1;
  return sign + (isTie && Number(text.at(-1)) % 2 === 1 ? previous(text) : text);
}

/** The decimal one unit of its last digit lower. The last digit is odd, so that nothing is borrowed. */
const previous = (text: string): string => text.slice(0, -1) + String(Number(text.at(-1)) - 1);

/** `round(x, decimals)` of a float. */
export const roundTo = (x: number, decimals: number): number =>
  Number.isFinite(x) ? Number(fixedText(x, decimals)) : x;

/** `repr(x)` of a float: `1.0`, `1e-05`, `1e+16`, `nan`. */
export function floatText(x: number): string {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  if (Object.is(x, -0)) return "-0.0";
  const [mantissa = "", exponentText = "0"] = x.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 16) return Number.isInteger(x) ? `${x}.0` : String(x);
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
