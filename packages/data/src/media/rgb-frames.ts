import type { Frame } from "node-av/lib";
import { DecodeError } from "../errors.ts";
import type { NodeAv } from "./backend.ts";
import { check } from "./node-av-input.ts";
import type { ReadFrames } from "./video-source.ts";

/** Collects decoded frames as RGB at native size. Close it. */
export interface RgbFrames {
  /** Converts `frame` to RGB in the place of `indices[slot]`; later frames of a filled slot are ignored. */
  take(frame: Frame, slot: number): void;
  result(warnings: string[]): ReadFrames;
  close(): void;
}

/**
 * Converts by the colour matrix and range that the file declares, and ignores its chroma siting, as the `scale` filter did
 * in the FFmpeg versions 4 to 6 that decord and PyAV are built on; the difference only shows beyond 8 bits.
 */
export function collectRgb(av: NodeAv, path: string, indices: readonly number[]): RgbFrames {
  const converter = new av.SoftwareScaleContext();
  converter.allocContext();
  converter.setOption("sws_flags", av.SWS_BICUBIC, av.AV_OPT_TYPE_FLAGS);
  const picture = new av.Frame();
  picture.alloc();
  const taken = indices.map(() => false);
  let rgb = new Uint8Array(0);
  let height = 0;
  let width = 0;

  const begin = (frame: Frame) => {
    ({ height, width } = frame);
    picture.height = height;
    picture.width = width;
    picture.format = av.AV_PIX_FMT_RGB24;
    check(av, path, picture.getBuffer(0));
    rgb = new Uint8Array(indices.length * height * width * 3);
  };

  return {
    take(frame, slot) {
      if (taken[slot]) return;
      if (height === 0) begin(frame);
      if (frame.height !== height || frame.width !== width) {
        throw new DecodeError(path, `the frame size changes from ${width}x${height} to ${frame.width}x${frame.height}`);
      }
      frame.chromaLocation = av.AVCHROMA_LOC_UNSPECIFIED;
      check(av, path, converter.scaleFrameSync(picture, frame));
      rgb.set(picture.toBuffer(), slot * height * width * 3);
      taken[slot] = true;
    },
    result(warnings) {
      const size = height * width * 3;
      const slots = [...taken.keys()].filter((slot) => taken[slot]);
      slots.forEach((slot, place) => {
        rgb.copyWithin(place * size, slot * size, (slot + 1) * size);
      });
      const found = slots.map((slot) => indices[slot]!);
      return { rgb: rgb.subarray(0, slots.length * size), height, width, indices: found, warnings };
    },
    close() {
      picture.free();
      converter.freeContext();
    },
  };
}
