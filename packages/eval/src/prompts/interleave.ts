import type { Subtitle } from "./subtitles.ts";

/** Frames and subtitles in the order of time; a frame is its index. */
export type Interleaved = (number | string)[];

/**
 * Frames and the subtitles between them: a subtitle stands before the first frame after its middle, and only if a frame lies
 * inside it; one shorter than a second counts as a second long around its middle.
 *
 * @param subtitles - in the order of the file.
 * @param offset - seconds to subtract from the times of subtitles.
 * @param duration - seconds; the end of a subtitle without one.
 * @see longvideobench/LongVideoBench@fc3c553 longvideobench_dataset.py `insert_subtitles_into_frames`
 */
export function interleave(
  frameSeconds: readonly number[],
  subtitles: readonly Subtitle[],
  { offset, duration }: { offset: number; duration: number },
): Interleaved {
  const made: Interleaved = [];
  let next = 0;
  for (const { start: from, end: to = duration, text } of subtitles) {
    const middle = (from - offset + (to - offset)) / 2;
    while (next < frameSeconds.length && frameSeconds[next]! <= middle) {
      made.push(next);
      next += 1;
    }
    const isShort = to - offset - (from - offset) < 1;
    const start = isShort ? middle - 0.5 : from - offset;
    const end = isShort ? middle + 0.5 : to - offset;
    if (frameSeconds.some((second) => start < second && second < end)) made.push(text);
  }
  for (; next < frameSeconds.length; next += 1) made.push(next);
  return made;
}
