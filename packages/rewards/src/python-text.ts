// Python's white space. JavaScript's \s, trim and split differ: to Python U+001C..001F and U+0085 are white space and
// U+FEFF is not (CPython 3.11, Objects/unicodectype.c). Every such character is one UTF-16 unit.

/** True if the UTF-16 unit at `index` is white space to Python (`str.isspace`). */
export function isWhiteSpaceAt(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  if (unit < 0x80) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d) || (unit >= 0x1c && unit <= 0x1f);
  return isForeignWhiteSpace(unit);
}

function isForeignWhiteSpace(unit: number): boolean {
  switch (unit) {
    case 0x85:
    case 0xa0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202f:
    case 0x205f:
    case 0x3000:
      return true;
    default:
      return unit >= 0x2000 && unit <= 0x200a;
  }
}

/** `str.strip()`. */
export function strip(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isWhiteSpaceAt(text, start)) start++;
  while (end > start && isWhiteSpaceAt(text, end - 1)) end--;
  return text.slice(start, end);
}

/** `str.split()`: the maximal runs of anything but white space; only the first `limit` of them. */
export function splitWords(text: string, limit = Number.POSITIVE_INFINITY): string[] {
  const words: string[] = [];
  for (let i = 0; i < text.length && words.length < limit; ) {
    const start = i;
    while (i < text.length && !isWhiteSpaceAt(text, i)) i++;
    if (i > start) words.push(text.slice(start, i));
    else i++;
  }
  return words;
}

// Format characters that change nothing that is seen: soft hyphens, zero width, directions, variation selectors.
const invisible = "\\xad\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufe00-\\ufe0f\\ufeff";
const invisibles = new RegExp(`[${invisible}]`, "g");
const seen = /[^\s\p{Cc}\p{DI}\u2800\ufff9-\ufffb]/u;

/** The text without the characters that nobody sees, and that change none beside them. */
export function withoutInvisible(text: string): string {
  return text.replace(invisibles, "");
}

/** Whether the text shows nothing: white space, controls, and characters that are not drawn. */
export function isBlank(text: string): boolean {
  const first = text.charCodeAt(0);
  return !((first > 0x20 && first < 0x7f) || seen.test(text));
}
