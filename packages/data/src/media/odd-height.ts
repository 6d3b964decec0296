import type { Frame } from "node-av/lib";
import type { NodeAv } from "./backend.ts";
import { check } from "./node-av-input.ts";
import { rgbScaler } from "./rgb-scaler.ts";

/** Converts 4:2:0 pictures of odd height. Close it. */
export interface OddHeightConverter {
  /** The picture as RGB, uint8 [height, width, 3]; undefined for other pictures. */
  convert(frame: Frame): Uint8Array | undefined;
  close(): void;
}

/**
 * Converts 4:2:0 pictures of odd height as FFmpeg 4 to 6 does, where row y has the chroma row nearest to
 * (y + 1/2) (h + 1) / 2h - 1/2, or the mean of the two around it: chroma sited at the bottom in the upper half and in the
 * last row, at the top in the rest. swscale 8 and later interpolates there, so a row is added that makes the height even.
 */
export function oddHeightConverter(av: NodeAv, path: string): OddHeightConverter {
  const sampleBytes = new Map<number, number>([
    [av.AV_PIX_FMT_YUV420P, 1],
    [av.AV_PIX_FMT_YUVJ420P, 1],
    [av.AV_PIX_FMT_YUV420P10LE, 2],
    [av.AV_PIX_FMT_YUV420P12LE, 2],
  ]);
  let open: ReturnType<typeof rgbScaler> | undefined;
  const begin = ({ width, height, format }: Frame) => {
    const scaler = rgbScaler(av, path, { width, height: height + 1, format });
    // leaves out the fast path, which repeats rows
    scaler.converter.setOption("sws_dither", av.SWS_DITHER_NONE, av.AV_OPT_TYPE_INT);
    return scaler;
  };
  const close = () => {
    open?.close();
    open = undefined;
  };
  return {
    convert(frame) {
      const { width, height } = frame;
      const bytes = sampleBytes.get(frame.format);
      if (bytes === undefined || height % 2 === 0) return undefined;
      if (
        open &&
        (open.source.width !== width || open.source.height !== height + 1 || open.source.format !== frame.format)
      ) {
        close();
      }
      open ??= begin(frame);
      const { converter, source: even, picture } = open;
      const planes = frame.toBuffer();
      const row = width * bytes;
      const luma = planes.subarray(0, row * height);
      const lastRow = luma.subarray(luma.length - row);
      const chroma = planes.subarray(luma.length);
      check(av, path, even.fromBuffer(Buffer.concat([luma, lastRow, chroma])));
      check(av, path, even.copyProps(frame));
      const convertAt = (location: Frame["chromaLocation"]) => {
        even.chromaLocation = location;
        check(av, path, converter.scaleFrameSync(picture, even));
        return picture.toBuffer().subarray(0, height * width * 3);
      };
      const rgb = Uint8Array.from(convertAt(av.AVCHROMA_LOC_BOTTOM));
      const [middle, last] = [((height - 1) / 2) * width * 3, (height - 1) * width * 3];
      rgb.set(convertAt(av.AVCHROMA_LOC_TOP).subarray(middle, last), middle);
      return rgb;
    },
    close,
  };
}
