// What Python means by white space, where JavaScript's \s, trim and split differ: U+001C..001F and U+0085 are white
// space, U+FEFF is not (CPython 3.11, Objects/unicodectype.c).

const whiteSpaceClass = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const oneWhiteSpace = new RegExp(`[${whiteSpaceClass}]`);
const words = new RegExp(`[^${whiteSpaceClass}]+`, "g");

/** True if the UTF-16 unit at `index` is white space to Python (`str.isspace`). Every such character is one unit. */
export function isWhiteSpaceAt(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  if (unit < 0x80) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d) || (unit >= 0x1c && unit <= 0x1f);
  return oneWhiteSpace.test(text.charAt(index));
}

/** `str.strip()`. */
export function strip(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isWhiteSpaceAt(text, start)) start++;
  while (end > start && isWhiteSpaceAt(text, end - 1)) end--;
  return text.slice(start, end);
}

/** `str.split()`: the maximal runs of anything but white space. */
export function splitWords(text: string): string[] {
  return text.match(words) ?? [];
}
