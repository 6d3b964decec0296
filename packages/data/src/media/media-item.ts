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
  /** Its place in the text of the problem is marked by a tag, `<image>` or `<video>`. */
  tagged: z.literal(true).optional(),
  ...choices,
  /** Of a list of frames: the time of each in the video that they were taken of, in seconds, ascending. */
  timestamps: z.array(z.number()).optional(),
});
export type MediaItem = z.infer<typeof MediaItem>;
type MediaChoices = Omit<MediaItem, "kind" | "path" | "tagged" | "timestamps">;

/** The choices that say something of an image. */
const imageChoices: readonly string[] = ["minPixels", "maxPixels", "resizedHeight", "resizedWidth"];

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const names = (Object.keys(choices) as (keyof MediaChoices)[]).map((name) => [name, snakeCase(name)] as const);

/** The choices of a record, whose fields are the same names in snake_case and may be null; its other fields are left out. */
const ForeignChoices = z
  .object(Object.fromEntries(names.map(([name, field]) => [field, choices[name].nullish()])))
  .transform((record) => {
    const made: Record<string, unknown> = {};
    for (const [name, field] of names) if (record[field] != null) made[name] = record[field];
    return made as MediaChoices;
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

/** What breaks the rules, a line for each fault, and the field of the record that it is in. */
export interface FieldFault {
  field: string;
  message: string;
}

/**
 * An item of a record, or its faults. Choices that say nothing of media of the kind are left out.
 *
 * @param record - has the choices among its fields.
 */
export function parseItem(kind: MediaItem["kind"], path: MediaItem["path"], record: object): MediaItem | FieldFault[] {
  const { data, error } = ForeignChoices.safeParse(record);
  if (!data) return error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
  if (kind === "image")
    return { kind, path, ...Object.fromEntries(Object.entries(data).filter(([name]) => imageChoices.includes(name))) };
  if (typeof path === "string") return { kind, path, ...data };
  const message = "a list of frames is taken whole; leave this out, or name their folder";
  const beside = sampling.filter((name) => name in data).map((name) => ({ field: snakeCase(name), message }));
  const { timestamps } = record as { timestamps?: unknown };
  if (timestamps == null) return beside.length > 0 ? beside : { kind, path, ...data };
  const times = timesOf(timestamps, path.length);
  const faults = typeof times === "string" ? [...beside, { field: "timestamps", message: times }] : beside;
  if (data.sampleFps !== undefined)
    faults.push({ field: "sample_fps", message: "the timestamps give the rate; leave one of the two out" });
  return faults.length > 0 ? faults : { kind, path, ...data, timestamps: times as number[] };
}

/** Times of `count` frames, or what is wrong with them. */
function timesOf(value: unknown, count: number): number[] | string {
  const { data } = z.array(z.number()).safeParse(value);
  if (data === undefined) return "must be a list of seconds";
  if (data.length !== count) return `${data.length} times for ${count} frames`;
  const isAscending = data.every((time, i) => i === 0 || time > data[i - 1]!);
  return isAscending ? data : "must ascend from frame to frame";
}
