/** A text without differences of case, spacing, typography and the punctuation around it. */
export function plainText(text: string): string {
  const spaced = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\s{2,}|[^\S ]/g, " ");
  let [start, end] = [0, spaced.length];
  while (start < end && around.includes(spaced[start]!)) start += 1;
  while (end > start && (around.includes(spaced[end - 1]!) || stops.includes(spaced[end - 1]!))) end -= 1;
  return spaced.slice(start, end);
}

const [around, stops] = [" \"'“”‘’", ".?!;:,"];

/**
 * A hash of 53 bits of the text's UTF-16 units, as a number that a Map holds cheaply. Among 263,071 texts two share one by
 * chance with a probability of 4e-6.
 */
export function textKey(text: string): number {
  const [high, low] = [hash32(text, 0x9e3779b9), hash32(text, 0x85ebca6b)];
  return high * 2 ** 21 + (low >>> 11);
}

/** 32 bits of the text's UTF-16 units, unsigned. */
export function hash32(text: string, seed: number): number {
  let h = seed;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 0x5bd1e995);
    h ^= h >>> 15;
  }
  h = Math.imul(h ^ text.length, 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}
