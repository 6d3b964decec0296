import { z } from "zod";
import { type FieldFault, type MediaItem, MediaPath, parseItem } from "./media/media-item.ts";

const kinds = ["image", "video"] as const;
type Kind = MediaItem["kind"];

const ForeignMedia = z.object({
  data_type: z.enum(kinds).nullish(),
  path: MediaPath.nullish(),
  images: z.array(z.unknown()).nullish(),
  videos: z.array(z.unknown()).nullish(),
  problem: z.string().catch(""),
});

/** The tag of an image or a video in a problem's text. */
export const mediaTag = /<(image|video)>/;

/** The media of a record, images before videos; or its faults. */
export type RecordMedia = { dataType: Kind; media: MediaItem[] } | { faults: FieldFault[] };

/**
 * Reads the media of a record: `path`, of the kind that `data_type` names, or the lists `images` and `videos`, which make
 * `data_type` superfluous; it is "video" if there is any. In a record with such lists the problem may hold a tag for each
 * item; then it must hold as many as there are of each kind.
 */
export function recordMedia(record: object): RecordMedia {
  const { data, error } = ForeignMedia.safeParse(record);
  if (!data) return { faults: error.issues.map(({ path, message }) => ({ field: path.join("."), message })) };
  const { path, data_type: given, problem } = data;
  const lists = kinds
    .map((kind) => ({ kind, entries: data[`${kind}s`] ?? [] }))
    .filter(({ entries }) => entries.length > 0);
  if (lists.length === 0) {
    if (given == null) return fault("data_type", "must be image or video, beside path");
    if (path == null) return fault("path", "names no file; nor do images and videos");
    const paths = given === "image" ? [path].flat() : [path];
    return joined(
      given,
      paths.map((own) => parseItem(given, own, record)),
    );
  }
  if (path != null) return fault("path", "name the media here or in images and videos, not both");
  const dataType = lists.at(-1)!.kind;
  if (given != null && given !== dataType)
    return fault("data_type", `is ${given}, where the media make it ${dataType}`);
  const found = joined(
    dataType,
    lists.flatMap(({ kind, entries }) =>
      entries.map((entry, i) => parseEntry(kind, entry, { place: `${kind}s.${i}`, record })),
    ),
  );
  return "faults" in found ? found : withTags(found, problem);
}

const fault = (field: string, message: string): RecordMedia => ({ faults: [{ field, message }] });

function joined(dataType: Kind, items: readonly (MediaItem | FieldFault[])[]): RecordMedia {
  const faults = items.flatMap((item) => (Array.isArray(item) ? item : []));
  return faults.length > 0
    ? { faults }
    : { dataType, media: items.flatMap((item) => (Array.isArray(item) ? [] : [item])) };
}

/** A path, or an object with the path under the name of its kind and choices of its own, as qwen-vl-utils' elements. */
function parseEntry(
  kind: Kind,
  entry: unknown,
  { place, record }: { place: string; record: object },
): MediaItem | FieldFault[] {
  const path = kind === "image" ? z.string().min(1) : MediaPath;
  const isObject = typeof entry === "object" && entry !== null && !Array.isArray(entry);
  const own: Record<string, unknown> = isObject ? { ...entry } : { [kind]: entry };
  const found = path.safeParse(own[kind]);
  if (!found.success) return [{ field: place, message: `must be a path, or an object with one as ${kind}` }];
  const item = parseItem(kind, found.data, { ...without(record, replacedBy(own)), ...own });
  return Array.isArray(item) ? item.map(({ field, message }) => ({ field: `${place}.${field}`, message })) : item;
}

/** Fields of the record that an entry's own replace although they have other names: a count replaces a rate, and the reverse. */
function replacedBy(own: Readonly<Record<string, unknown>>): string[] {
  const rate = ["fps", "min_frames", "max_frames"];
  if (own.nframes != null) return rate;
  return rate.some((name) => own[name] != null) ? ["nframes"] : [];
}

const without = (record: object, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));

function withTags(found: { dataType: Kind; media: MediaItem[] }, problem: string): RecordMedia {
  const tags = problem.match(new RegExp(mediaTag, "g")) ?? [];
  if (tags.length === 0) return found;
  const faults = kinds.flatMap((kind): FieldFault[] => {
    const [marked, given] = [
      tags.filter((tag) => tag === `<${kind}>`),
      found.media.filter((item) => item.kind === kind),
    ];
    if (marked.length === given.length) return [];
    return [
      { field: "problem", message: `holds the tag <${kind}> ${marked.length} times, for ${given.length} in ${kind}s` },
    ];
  });
  if (faults.length > 0) return { faults };
  return { ...found, media: found.media.map((item) => ({ ...item, tagged: true as const })) };
}
