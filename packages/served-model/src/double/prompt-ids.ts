import type { ChatRequest } from "../chat-request.ts";
import type { ChatPart } from "../media-parts.ts";
import { drawOf } from "./misbehaviour.ts";

/** Qwen2.5-VL's. */
const imagePad = 151655;
const videoPad = 151656;

/**
 * The prompt of a request as Qwen2.5-VL's processor would count it: a token per word, (F/2)(H/28)(W/28) per clip.
 *
 * @param maxFrames - Further frames of a clip are dropped.
 */
export function promptIds({ messages }: Pick<ChatRequest, "messages">, maxFrames: number): number[] {
  return messages.flatMap(({ content }) => (typeof content === "string" ? wordIds(content) : content.flatMap(idsOf)));

  function idsOf(part: ChatPart): number[] {
    if (part.type === "text") return wordIds(part.text);
    const url = part.type === "video_url" ? part.video_url.url : part.image_url.url;
    const frames = url.slice(url.indexOf(",") + 1).split(",");
    const pairs = Math.ceil(Math.min(frames.length, maxFrames) / 2);
    return Array(pairs * patchesOf(frames[0]!)).fill(part.type === "video_url" ? videoPad : imagePad);
  }
}

const wordIds = (text: string): number[] =>
  (text.match(/\S+/g) ?? []).map((word) => 1000 + Math.floor(1000 * drawOf(word)));

/** Merged patches of a PNG file in base64, whose header has its width and height. */
function patchesOf(png: string): number {
  const header = Buffer.from(png.slice(0, 40), "base64");
  return (header.readUInt32BE(16) / 28) * (header.readUInt32BE(20) / 28);
}
