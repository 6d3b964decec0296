import { createHash } from "node:crypto";
import type { ClipRequest } from "../media/clip-request.ts";
import { requestKey } from "../media/clip-request.ts";
import { resizeRules } from "../media/video-r1.ts";
import type { MediaOptions } from "../options.ts";

/**
 * Tells a request's resized frames from all others, but for what its files hold and for the patches that a size is rounded to:
 * 128 bits of the hash of the frames asked and of all that decides their size.
 */
export function preparedKey(request: ClipRequest, options: MediaOptions): string {
  return shortHash(policyOf(request, options));
}

/** The same for frames of this content, whatever its path. @param content - Hash of the files. */
export function contentKey(request: ClipRequest, options: MediaOptions, content: string): string {
  const { item } = request;
  const path = typeof item.path === "string" ? "one" : ["list"];
  return shortHash(`${content} ${policyOf({ ...request, item: { ...item, path } }, options)}`);
}

function policyOf(request: ClipRequest, options: MediaOptions): string {
  const { kind, minPixels, maxPixels, totalPixels, resizedHeight, resizedWidth } = request.item;
  const { imageMinPixels, imageMaxPixels, videoMinPixels, videoMaxPixels } = options;
  const limits = kind === "image" ? [imageMinPixels, imageMaxPixels] : [videoMinPixels, videoMaxPixels];
  const asked = { minPixels, maxPixels, totalPixels, resizedHeight, resizedWidth };
  return JSON.stringify([requestKey(request, options), asked, limits, resizeRules]);
}

const shortHash = (text: string): string => createHash("sha256").update(text).digest("base64url").slice(0, 22);
