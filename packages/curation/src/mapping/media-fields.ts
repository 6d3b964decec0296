import { isBlank, MappingFault, type Row } from "./mapping.ts";

type Kind = "image" | "video";
const kinds = ["image", "video"] as const;

const imageName = /\.(jpe?g|png|webp|gif|tiff?|avif|bmp)$/i;
const videoName = /\.(mp4|m4v|mov|avi|mkv|webm|flv|mpe?g|m2?ts|3gp|ogv|wmv)$/i;

export interface MediaFieldsOptions {
  /** What files are whose names do not tell. */
  dataType?: Kind | undefined;
  /** A path as the data has it -> as a record has it. */
  locate(path: string, kind: Kind): string;
}

/**
 * The media fields of a record, from `video`, `videos`, `image`, `images` or `path` as a table has them: `path` and `data_type` of one
 * medium, else the lists. A list of images that is a video's is its frames.
 *
 * @throws {MappingFault} If there is none, or its kind is not known.
 */
export function mediaFields(values: Row, options: MediaFieldsOptions): Record<string, unknown> {
  const given = kindNamed(values.data_type);
  const { path, ...lists } = Object.fromEntries(
    ["path", "image", "images", "video", "videos"].map((field) => [field, unpacked(values[field])]),
  );
  const located = (entry: unknown, kind: Kind): unknown => locatedEntry(entry, kind, options.locate);
  if (!isBlank(path)) {
    const kind = given ?? kindOf(path) ?? options.dataType;
    if (kind === undefined)
      throw new MappingFault(
        "MEDIA_KIND",
        `${shown(path)} is a video or an image? say dataType=video or dataType=image`,
      );
    return { data_type: kind, path: located(path, kind) };
  }
  const found = kinds.flatMap((kind) =>
    [...entriesOf(kind, lists[kind]), ...([lists[`${kind}s`] ?? []].flat() as unknown[])].map((entry) => ({
      kind,
      entry,
    })),
  );
  const media = found
    .filter(({ entry }) => !isBlank(entry))
    .map(({ kind, entry }) => ({ kind, entry: located(entry, kind) }));
  const [first] = media;
  if (first === undefined) throw new MappingFault("MEDIA_NONE", "names no video and no image");
  const isPlain = typeof first.entry === "string" || Array.isArray(first.entry);
  if (media.length === 1 && isPlain) return { data_type: first.kind, path: first.entry };
  const listed = kinds.map((kind) => [
    `${kind}s`,
    media.filter((each) => each.kind === kind).map(({ entry }) => entry),
  ]);
  return {
    data_type: media.some(({ kind }) => kind === "video") ? "video" : "image",
    ...Object.fromEntries(listed.filter(([, entries]) => entries!.length > 0)),
  };
}

/** One column's media: of videos a list of images is the frames of one. */
function entriesOf(kind: Kind, value: unknown): unknown[] {
  if (!Array.isArray(value)) return [value];
  const isFrames =
    kind === "video" && value.length > 1 && value.every((entry) => typeof entry === "string" && imageName.test(entry));
  return isFrames ? [value] : value;
}

/** A list that a table holds as text. */
function unpacked(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*\[[\s\S]*\]\s*$/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function kindNamed(value: unknown): Kind | undefined {
  return kinds.find((kind) => typeof value === "string" && value.trim().toLowerCase() === kind);
}

function kindOf(path: unknown): Kind | undefined {
  const first = String([path].flat()[0]);
  return videoName.test(first) ? "video" : imageName.test(first) ? "image" : undefined;
}

function locatedEntry(entry: unknown, kind: Kind, locate: MediaFieldsOptions["locate"]): unknown {
  if (typeof entry === "string") return locate(entry.trim(), kind);
  if (typeof entry === "number") return locate(String(entry), kind);
  if (Array.isArray(entry)) return entry.map((part) => locatedEntry(part, "image", locate));
  if (typeof entry === "object" && entry !== null) {
    const own = entry as Row;
    const name = [kind, "path", "url", `${kind}_url`].find(
      (each) => typeof own[each] === "string" || Array.isArray(own[each]),
    );
    if (name !== undefined) {
      const { [name]: path, type: _, ...choices } = own;
      const place = locatedEntry(path, kind, locate);
      return Object.values(choices).every(isBlank) ? place : { [kind]: place, ...choices };
    }
  }
  throw new MappingFault("MEDIA_ENTRY", `${shown(entry)} is no path of a ${kind}`);
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};
