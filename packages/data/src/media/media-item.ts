import { z } from "zod";

const count = z.int().min(2);
const pixels = z.int().min(1);
const rate = z.number().positive();

/** What a record may say of its media, over the config: names and rules are those of qwen-vl-utils' message elements. */
const choices = {
  /** Frames to take of each second; not together with `nframes`. */
  fps: rate.optional(),
  nframes: count.optional(),
  minFrames: count.optional(),
  maxFrames: count.optional(),
  /** The part of the video to take frames of, in seconds from its first frame. */
  videoStart: z.number().optional(),
  videoEnd: z.number().optional(),
  /** Pixels of an image, or of one frame. */
  minPixels: pixels.optional(),
  maxPixels: pixels.optional(),
  /** Pixels of all frames of the video. */
  totalPixels: pixels.optional(),
  /** The size to resize to, rounded to whole patches, in place of the limits of pixels. */
  resizedHeight: pixels.optional(),
  resizedWidth: pixels.optional(),
  /** The rate at which the frames of a folder or a list were taken; default 2. */
  sampleFps: rate.optional(),
};

/** A file, or the frames of a video: a folder of image files or a list of them. As the record has it, relative to the media root. */
export const MediaPath = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/** An image or a video of a record, and how to read it. */
export const MediaItem = z.strictObject({
  kind: z.enum(["image", "video"]),
  path: MediaPath,
  ...choices,
});
export type MediaItem = z.infer<typeof MediaItem>;
export type MediaChoices = Omit<MediaItem, "kind" | "path">;

/** The choices that say something of an image. */
const imageChoices: readonly string[] = ["minPixels", "maxPixels", "resizedHeight", "resizedWidth"];

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The choices of a record, whose fields are the same names in snake_case and may be null; its other fields are left out. */
export const ForeignChoices = z
  .object(Object.fromEntries(Object.entries(choices).map(([name, value]) => [snakeCase(name), value.nullish()])))
  .transform((record) => {
    const made = Object.keys(choices).map((name) => [name, record[snakeCase(name)]] as const);
    return Object.fromEntries(made.filter(([, value]) => value != null)) as MediaChoices;
  })
  .superRefine((choices, { addIssue }) => {
    const { fps, nframes, minPixels, maxPixels, resizedHeight, resizedWidth, videoStart = 0, videoEnd } = choices;
    const refuse = (name: keyof MediaChoices, message: string) =>
      addIssue({ code: "custom", path: [snakeCase(name)], message });
    if (fps !== undefined && nframes !== undefined) refuse("nframes", "a video takes fps or nframes, not both");
    if (minPixels !== undefined && maxPixels !== undefined && minPixels > maxPixels)
      refuse("maxPixels", `${maxPixels} is below min_pixels ${minPixels}`);
    if (resizedHeight === undefined && resizedWidth !== undefined)
      refuse("resizedHeight", "missing beside resized_width");
    if (resizedWidth === undefined && resizedHeight !== undefined)
      refuse("resizedWidth", "missing beside resized_height");
    if (videoEnd !== undefined && videoEnd <= videoStart)
      refuse("videoEnd", `${videoEnd} s is not after the start, ${videoStart} s`);
  });

/** The choices that a list of frames, which is taken whole, leaves no room for. */
const sampling = ["fps", "nframes", "minFrames", "maxFrames", "videoStart", "videoEnd"];

/** What is wrong with an item's path and choices together, a line for each fault; none for a sound item. */
export function itemFaults({ kind, path, ...choices }: MediaItem): { field: string; message: string }[] {
  if (typeof path === "string") return [];
  if (kind === "image") return [{ field: "path", message: "a list of files is the frames of a video" }];
  const message = "a list of frames is taken whole; leave this out, or name their folder";
  return sampling.filter((name) => name in choices).map((name) => ({ field: snakeCase(name), message }));
}

/** The choices without those that say nothing of media of the kind. */
export function choicesFor(kind: MediaItem["kind"], choices: MediaChoices): MediaChoices {
  if (kind === "video") return choices;
  return Object.fromEntries(Object.entries(choices).filter(([name]) => imageChoices.includes(name)));
}
