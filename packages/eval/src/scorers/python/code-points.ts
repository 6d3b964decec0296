/** `len(text)`: Python counts code points, where JavaScript counts the pairs of a surrogate twice. */
export const lengthOf = (text: string): number => {
  let length = 0;
  for (const _ of text) length++;
  return length;
};

/** `text[:count]` for a count of 0 or more. */
export const firstOf = (text: string, count: number): string =>
  text.length <= count ? text : [...text].slice(0, count).join("");

/** `text[-count:]` for a count above 0. */
export const lastOf = (text: string, count: number): string =>
  text.length <= count ? text : [...text].slice(-count).join("");
