import type { Frame } from "node-av/lib";
import type { NodeAv } from "./backend.ts";
import { check } from "./node-av-input.ts";

/** A swscale context with its frames: `source` in the pixel format given, `picture` in RGB24. Close it. */
export function rgbScaler(av: NodeAv, path: string, shape: Pick<Frame, "width" | "height" | "format">) {
  const create = (format: Frame["format"]) => {
    const frame = new av.Frame();
    frame.alloc();
    frame.width = shape.width;
    frame.height = shape.height;
    frame.format = format;
    check(av, path, frame.getBuffer(0));
    return frame;
  };
  const converter = new av.SoftwareScaleContext();
  converter.allocContext();
  converter.setOption("sws_flags", av.SWS_BILINEAR, av.AV_OPT_TYPE_FLAGS);
  const [source, picture] = [create(shape.format), create(av.AV_PIX_FMT_RGB24)];
  const close = () => {
    converter.freeContext();
    source.free();
    picture.free();
  };
  return { converter, source, picture, close };
}
