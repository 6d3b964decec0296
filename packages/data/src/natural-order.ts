/**
 * Compares texts as people count: runs of digits by their number, all else by code units, so that "f2" precedes "f10". Texts
 * that differ only in leading zeros are in order of code units.
 */
export function naturalOrder(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const order = compareParts(left[i]!, right[i]!);
    if (order !== 0) return order;
  }
  return left.length - right.length || compare(a, b);
}

const partsOf = (text: string): string[] => text.match(/\d+|\D+/g) ?? [];

function compareParts(a: string, b: string): number {
  const isNumber = (text: string) => /^\d/.test(text);
  return isNumber(a) && isNumber(b) ? compare(BigInt(a), BigInt(b)) : compare(a, b);
}

function compare<T extends string | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
