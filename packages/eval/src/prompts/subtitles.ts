/** A line of subtitles, in seconds from the video's start. */
export interface Subtitle {
  start: number;
  /** Undefined: to the end of the video. */
  end: number | undefined;
  text: string;
}

const fontTag = /<font color="white" size=".72c">(.*?)<\/font>/;

/** The subtitles that a frame falls into, start included and end not, each once, in the order of the file. */
export function subtitlesOfFrames(subtitles: readonly Subtitle[], frameSeconds: readonly number[]): Subtitle[] {
  return subtitles.filter(({ start, end = Number.POSITIVE_INFINITY }) =>
    frameSeconds.some((second) => start <= second && second < end),
  );
}

/** The texts that VLMEvalKit shows: of each frame the first subtitle around it, ends excluded, also again and again. */
export function subtitleOfEachFrame(subtitles: readonly Subtitle[], frameSeconds: readonly number[]): string[] {
  const around = frameSeconds.map((second) =>
    subtitles.find(({ start, end = Number.POSITIVE_INFINITY }) => start < second && second < end),
  );
  return around
    .flatMap((subtitle) => (subtitle === undefined ? [] : [plainText(subtitle)]))
    .filter((line) => line.trim() !== "");
}

/** The words of a line, which Video-MME's files wrap in a font tag. */
export const plainText = ({ text }: Subtitle): string => fontTag.exec(text)?.[1] ?? text;

/** The words of a line in a font tag; none of another line, which lmms-eval leaves out. */
export const taggedText = ({ text }: Subtitle): string[] => fontTag.exec(text)?.slice(1, 2) ?? [];
