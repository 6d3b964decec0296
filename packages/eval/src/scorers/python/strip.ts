/** `str.strip(characters)`, for characters of one UTF-16 unit; `strip` of `@videor1/rewards` is the one without argument. */
export function stripCharacters(text: string, characters: string): string {
  let start = 0;
  while (start < text.length && characters.includes(text[start]!)) start++;
  return stripEnd(text.slice(start), characters);
}

/** `str.rstrip(characters)`. */
export function stripEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}
