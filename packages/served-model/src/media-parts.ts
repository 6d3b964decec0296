import type { Clip } from "@videor1/processor-qwen25vl";
import { encodeFrames, type FrameFormat } from "./encode-frames.ts";
import { mediaId } from "./media-id.ts";

/** A piece of a turn, as a server takes it. */
export type ChatPart =
  | { type: "text"; text: string }
  | { type: "image_url"; image_url: { url: string }; uuid?: string }
  | { type: "video_url"; video_url: { url: string }; uuid?: string };

/** A clip, and where its frames are in the video, if that is known. */
export interface ServedClip extends Clip {
  /** [F] seconds from the video's first frame; told to a server that takes no videos. Default: frame / fps. */
  timestamps?: readonly number[];
  /** [F] the frames as `encodeFrames` makes them of the request's format; default: they are made of the pixels. */
  files?: readonly string[];
}

const filesOf = async (clip: ServedClip, format: FrameFormat): Promise<readonly string[]> =>
  clip.files ?? (await encodeFrames(clip, format));

/** vLLM's list of frames that are cut already: `data:video/jpeg;base64,<frame>,<frame>,…`; a frame may be a PNG as well. */
export async function videoPart(clip: ServedClip, format: FrameFormat): Promise<ChatPart> {
  const frames = await filesOf(clip, format);
  const url = `data:video/jpeg;base64,${frames.join(",")}`;
  return { type: "video_url", video_url: { url }, uuid: mediaId(clip, format) };
}

/** @param withId - vLLM's `uuid`; other servers refuse the field. */
export async function imagePart(clip: ServedClip, format: FrameFormat, withId: boolean): Promise<ChatPart> {
  const [url] = await imageUrls(clip, format);
  return { type: "image_url", image_url: { url: url! }, ...(withId && { uuid: mediaId(clip, format) }) };
}

/**
 * A video for servers that take images only: each frame as an image after a text with its time, `1.5 s:`; a frame without a
 * known time is counted, `frame 4 of 16:`.
 */
export async function framesAsImages(clip: ServedClip, format: FrameFormat): Promise<ChatPart[]> {
  const { frames, fps, timestamps } = clip;
  const urls = await imageUrls(clip, format);
  const labelOf = (frame: number): string => {
    const seconds = timestamps?.[frame] ?? (fps === undefined ? undefined : frame / fps);
    return seconds === undefined ? `frame ${frame + 1} of ${frames}:` : `${Number(seconds.toFixed(2))} s:`;
  };
  return urls.flatMap((url, frame): ChatPart[] => [
    { type: "text", text: labelOf(frame) },
    { type: "image_url", image_url: { url } },
  ]);
}

async function imageUrls(clip: ServedClip, format: FrameFormat): Promise<string[]> {
  return (await filesOf(clip, format)).map((frame) => `data:image/${format};base64,${frame}`);
}
