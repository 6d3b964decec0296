/** Recorded requests and replies of a real vLLM, and their frames as clips. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import type { ChatMessage, ServedClip } from "../src/index.ts";

export interface Recorded {
  request: { method: string; path: string; body: RecordedBody };
  // biome-ignore lint/suspicious/noExplicitAny: the replies of a foreign server, whose fields the tests name
  response: { status: number; body: any };
}

export type RecordedBody = { model: string; messages: ChatMessage[] } & Record<string, unknown>;

export const recorded = (name: string): Recorded =>
  JSON.parse(readFileSync(join(import.meta.dirname, "golden", `${name}.json`), "utf8"));

/** The pixels of the PNG or JPEG files of a data URL. */
export async function pixelsOf(
  url: string,
): Promise<{ rgb: Uint8Array; frames: number; height: number; width: number }> {
  const [, list = ""] = /^data:(?:video|image)\/\w+;base64,(.+)$/.exec(url) ?? [];
  const decode = (file: string) => sharp(Buffer.from(file, "base64")).raw().toBuffer({ resolveWithObject: true });
  const frames = await Promise.all(list.split(",").map(decode));
  const { height, width } = frames[0]!.info;
  return { rgb: Buffer.concat(frames.map(({ data }) => data)), frames: frames.length, height, width };
}

/** The media of a recorded request as clips of their final size, videos at 2 frames a second. */
export async function clipsOf(messages: readonly ChatMessage[]): Promise<ServedClip[]> {
  const parts = messages.flatMap(({ content }) => (typeof content === "string" ? [] : content));
  const clips: ServedClip[] = [];
  for (const part of parts) {
    if (part.type === "image_url")
      clips.push({ kind: "image", resized: true, ...(await pixelsOf(part.image_url.url)) });
    if (part.type === "video_url")
      clips.push({ kind: "video", fps: 2, resized: true, ...(await pixelsOf(part.video_url.url)) });
  }
  return clips;
}

/** The messages with placeholders in the place of media, as `chatRequest` takes them. */
export const withoutMedia = (messages: readonly ChatMessage[]) =>
  messages.map(({ role, content }) => {
    if (typeof content === "string") return { role, content };
    const kinds = { image_url: { type: "image" }, video_url: { type: "video" } } as const;
    return { role, content: content.map((part) => (part.type === "text" ? part : kinds[part.type])) };
  });

/** The messages with a hash of the pixels of each media part in the place of its bytes, because a PNG of the same pixels may differ. */
export const withPixels = async (messages: readonly ChatMessage[]) =>
  await Promise.all(
    messages.map(async ({ role, content }) => {
      if (typeof content === "string") return { role, content };
      const shown = content.map(async (part) => {
        if (part.type === "text") return part;
        const url = part.type === "image_url" ? part.image_url.url : part.video_url.url;
        const { rgb, ...size } = await pixelsOf(url);
        return {
          type: part.type,
          start: url.slice(0, url.indexOf(",")),
          ...size,
          sha256: createHash("sha256").update(rgb).digest("hex"),
        };
      });
      return { role, content: await Promise.all(shown) };
    }),
  );
