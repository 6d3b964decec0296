import type { FileStamp } from "../media/media-content.ts";

/** Files of a folder of prepared frames. */
export const preparedFiles = {
  /** One JSON object; it is there once all others are whole. */
  head: "prepared.json",
  /** A {@link PreparedEntry} a line, which begins with its key. */
  index: "index.jsonl",
  shard: (number: number): string => `frames-${String(number).padStart(5, "0")}.safetensors`,
};

/** The resized frames of one request, and what they were made of. */
export interface PreparedEntry {
  /** {@link preparedKey}. */
  key: string;
  /** The media files, in their order, and the hash of what they hold. */
  stamps: FileStamp[];
  content: string;
  /** Where the pixels are, uint8 [frames, height, width, 3]: number of the shard, name of the tensor, byte in the file. */
  shard: number;
  name: string;
  position: number;
  /** Of the pixels, in hex. */
  sha256: string;
  kind: "image" | "video";
  frames: number;
  height: number;
  width: number;
  /** Before the resize. */
  nativeHeight: number;
  nativeWidth: number;
  indices: number[];
  timestamps?: number[];
  /** Frames a second among the sampled ones; videos only. */
  fps?: number;
  /** Faults that `allowPartial` accepted. */
  warnings?: string[];
}

/** A line of the index: of frames, or of media that could not be decoded. */
export type IndexLine = PreparedEntry | { key: string; failed: { code: string; message: string } };
