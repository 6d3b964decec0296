import { type LoadedClip, permuteVideos } from "@videor1/data";
import { encodeFrames } from "@videor1/served-model";
import { expect, test } from "vitest";
import { encodeOnce } from "./encode-once.ts";

/** Frames of one grey each. */
const clip = (kind: "video" | "image", ...greys: number[]) =>
  ({
    kind,
    frames: greys.length,
    height: 4,
    width: 4,
    rgb: Uint8Array.from(greys.flatMap((grey) => Array(48).fill(grey))),
  }) as unknown as LoadedClip;

test("each clip's files are those that its own frames would make, in either order", async () => {
  const ordered = [clip("video", 10, 20, 30, 40), clip("image", 50), clip("video", 60, 70, 80)];
  const permuted = permuteVideos(ordered, (frames) => (frames === 4 ? [2, 0, 3, 1] : [1, 2, 0]));
  const encoded = encodeOnce({ ordered, permuted });
  for (const clips of [permuted.clips, ordered]) {
    const own = await Promise.all(clips.map((clip) => encodeFrames(clip, "png")));
    expect((await encoded(clips)).map(({ files }) => files)).toEqual(own);
  }
});
