const marks = '; / [ ] " { } ( ) = + \\ _ - > < @ ` , ? !'.split(" ");
const commaInNumber = /\p{Nd},\p{Nd}/u;
/** The originals pass re.UNICODE, which is 32, where `sub` takes the most replacements. */
const mostStops = 32;

/**
 * The VQA evaluation's clearing of punctuation: a mark that a space precedes or follows somewhere in the text is removed, any
 * other becomes a space; a number with a comma has all of them removed. Then the first 32 full stops go that `stop` finds.
 */
export function processPunctuation(text: string, stop: RegExp): string {
  const removes = commaInNumber.test(text);
  let cleared = text;
  for (const mark of marks) {
    const isRemoved = removes || text.includes(`${mark} `) || text.includes(` ${mark}`);
    cleared = cleared.replaceAll(mark, isRemoved ? "" : " ");
  }
  let stops = 0;
  return cleared.replace(stop, (found) => (stops++ < mostStops ? "" : found));
}
