import type { Frame } from "node-av/lib";
import type { NodeAv } from "./backend.ts";
import { lastRowConverter } from "./last-row.ts";
import { check } from "./node-av-input.ts";
import { oddHeightConverter } from "./odd-height.ts";
import { createTurner, type QuarterTurns } from "./rotate-frames.ts";
import type { ReadFrames } from "./video-source.ts";

/** Collects decoded frames as RGB at native size. Close it. */
export interface RgbFrames {
  /** Converts `frame` to RGB in the place of `indices[slot]`; later frames of a filled slot are ignored. */
  take(frame: Frame, slot: number): void;
  result(warnings: string[]): ReadFrames;
  close(): void;
}

/**
 * Converts by the colour matrix and range that the file declares, with decord's bytes: tags of primaries and transfer, of
 * interlacing and of chroma siting are ignored, and chroma that needs scaling is bilinear, sited at the bottom row. Frames of
 * another size than the first are scaled to it, chroma sited between the rows.
 *
 * @param turns - Clockwise turns to apply before the conversion.
 * @see FFmpeg 4.1 libavfilter/vf_scale.c, which decord 0.6.0 converts with
 */
export function collectRgb(av: NodeAv, path: string, indices: readonly number[], turns: QuarterTurns): RgbFrames {
  const converter = new av.SoftwareScaleContext();
  converter.allocContext();
  converter.setOption("sws_flags", av.SWS_BILINEAR, av.AV_OPT_TYPE_FLAGS);
  const turner = turns === 0 ? undefined : createTurner(av, path, turns);
  const oddHeights = oddHeightConverter(av, path);
  const lastRows = lastRowConverter(av, path);
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

  const convert = (frame: Frame, to: Uint8Array) => {
    const isScaled = frame.height !== height || frame.width !== width;
    const odd = isScaled ? undefined : oddHeights.convert(frame);
    if (odd) {
      to.set(odd);
      return;
    }
    if (isScaled) frame.chromaLocation = av.AVCHROMA_LOC_CENTER;
    check(av, path, converter.scaleFrameSync(picture, frame));
    copyRows(picture, to);
    const lastRow = isScaled ? undefined : lastRows.convert(frame);
    if (lastRow) to.set(lastRow, to.length - lastRow.length);
  };

  return {
    take(frame, slot) {
      if (taken[slot]) return;
      ignoreTags(av, frame);
      const upright = turner ? turner.turn(frame) : frame;
      if (height === 0) begin(upright);
      const size = height * width * 3;
      convert(upright, rgb.subarray(slot * size, (slot + 1) * size));
      taken[slot] = true;
    },
    result(warnings) {
      const size = height * width * 3;
      const slots = [...taken.keys()].filter((slot) => taken[slot]);
      slots.forEach((slot, place) => {
        if (slot !== place) rgb.copyWithin(place * size, slot * size, (slot + 1) * size);
      });
      const found = slots.map((slot) => indices[slot]!);
      return { rgb: rgb.subarray(0, slots.length * size), height, width, indices: found, warnings };
    },
    close() {
      turner?.close();
      lastRows.close();
      oddHeights.close();
      picture.free();
      converter.freeContext();
    },
  };
}

/** Copies an RGB24 picture without the bytes that pad its rows. */
function copyRows({ data, linesize, height, width }: Frame, to: Uint8Array): void {
  const [plane, step] = [data![0]!, linesize[0]!];
  const row = width * 3;
  if (step === row) to.set(plane.subarray(0, to.length));
  else for (let y = 0; y < height; y += 1) to.set(plane.subarray(y * step, y * step + row), y * row);
}

/** Leaves `frame` the matrix and range only, and a matrix only if FFmpeg 4 to 6 has its coefficients. */
function ignoreTags(av: NodeAv, frame: Frame): void {
  frame.chromaLocation = av.AVCHROMA_LOC_BOTTOM;
  frame.colorPrimaries = av.AVCOL_PRI_UNSPECIFIED;
  frame.colorTrc = av.AVCOL_TRC_UNSPECIFIED;
  frame.clearFlags(av.AV_FRAME_FLAG_INTERLACED);
  if (frame.colorSpace === av.AVCOL_SPC_BT2020_CL) frame.colorSpace = av.AVCOL_SPC_BT2020_NCL;
  if (frame.colorSpace === av.AVCOL_SPC_YCGCO || frame.colorSpace > av.AVCOL_SPC_BT2020_CL) {
    frame.colorSpace = av.AVCOL_SPC_UNSPECIFIED;
  }
}
