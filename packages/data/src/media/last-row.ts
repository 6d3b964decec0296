import type { Frame } from "node-av/lib";
import type { NodeAv } from "./backend.ts";
import { check } from "./node-av-input.ts";
import { rgbScaler } from "./rgb-scaler.ts";

/** Converts the last row of deep 4:2:0 pictures. Close it. */
export interface LastRowConverter {
  /** The last row as RGB, uint8 [width, 3]; undefined for pictures whose last row needs no correction. */
  convert(frame: Frame): Uint8Array | undefined;
  close(): void;
}

/**
 * The last row of 4:2:0 pictures above 8 bits and of even height, with the mean of the last two rows of chroma, as
 * FFmpeg 4 to 6 converts it; swscale 8 and later take the last row of chroma alone. It is row 6 of a picture of
 * eight rows, whose last chroma rows are those two.
 */
export function lastRowConverter(av: NodeAv, path: string): LastRowConverter {
  const formats = [av.AV_PIX_FMT_YUV420P10LE, av.AV_PIX_FMT_YUV420P12LE];
  let open: ReturnType<typeof rgbScaler> | undefined;
  const close = () => {
    open?.close();
    open = undefined;
  };
  return {
    convert(frame) {
      const { width, height } = frame;
      if (!formats.some((format) => format === frame.format) || height % 2 === 1 || height < 8) return undefined;
      if (open && (open.source.width !== width || open.source.format !== frame.format)) close();
      open ??= rgbScaler(av, path, { width, height: 8, format: frame.format });
      const { converter, source: strip, picture } = open;
      check(av, path, strip.fromBuffer(lastRows(frame.toBuffer(), width, height)));
      check(av, path, strip.copyProps(frame));
      check(av, path, converter.scaleFrameSync(picture, strip));
      return picture.toBuffer().subarray(6 * width * 3, 7 * width * 3);
    },
    close,
  };
}

/** @param planes - Y, U and V of two bytes a sample, without padding. @returns The same of a picture of eight rows. */
function lastRows(planes: Buffer, width: number, height: number): Buffer {
  const [luma, chroma] = [2 * width, 2 * Math.ceil(width / 2)];
  const [u, v] = [luma * height, luma * height + (chroma * height) / 2];
  const row = planes.subarray(u - luma, u);
  const ofPlane = (start: number) => planes.subarray(start + chroma * (height / 2 - 4), start + (chroma * height) / 2);
  return Buffer.concat([row, row, row, row, row, row, row, row, ofPlane(u), ofPlane(v)]);
}
