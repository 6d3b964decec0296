import type { CodecContext, FormatContext, Frame, Stream } from "node-av/lib";
import { EncodeError } from "../errors.ts";
import type { NodeAv } from "./backend.ts";

/** One video to write. */
export interface EncodeJob {
  path: string;
  /** uint8 [frames, height, width, 3]. */
  rgb: Uint8Array;
  width: number;
  height: number;
  /** Frames per 1000 seconds. */
  rate: number;
  /** RGB as it is, or Y'CbCr 4:4:4. */
  encoder: "libx264rgb" | "libx264";
  /** x264's options by FFmpeg's names. */
  options: Record<string, string>;
}

/** Encodes with x264 inside this process, on one thread that is not JavaScript's: several files can be encoded at once. */
export async function encodeWithNodeAv(av: NodeAv, job: EncodeJob): Promise<void> {
  const check = (code: number) => {
    if (code < 0) throw new EncodeError(job.path, av.FFmpegError.strerror(code));
  };
  const encoder = new av.CodecContext();
  const output = new av.FormatContext();
  const packet = new av.Packet();
  packet.alloc();
  try {
    await openEncoder(av, encoder, job, check);
    const stream = openOutput(av, output, encoder, job, check);
    const send = async (frame: Frame | null) => {
      check(await encoder.sendFrame(frame));
      while ((await encoder.receivePacket(packet)) >= 0) {
        packet.duration = 1n;
        packet.streamIndex = stream.index;
        packet.rescaleTs(encoder.timeBase, stream.timeBase);
        check(output.interleavedWriteFrameSync(packet));
      }
    };
    for (const frame of framesOf(av, job, check)) await send(frame);
    await send(null);
    check(output.writeTrailerSync());
  } finally {
    packet.free();
    encoder.freeContext();
    output.closeOutputSync();
    output.freeContext();
  }
}

type Check = (code: number) => void;

async function openEncoder(av: NodeAv, context: CodecContext, job: EncodeJob, check: Check): Promise<void> {
  const codec = av.Codec.findEncoderByName(job.encoder as Parameters<typeof av.Codec.findEncoderByName>[0]);
  if (codec === null) throw new EncodeError(job.path, `this FFmpeg has no ${job.encoder}`);
  context.allocContext3(codec);
  context.width = job.width;
  context.height = job.height;
  context.pixelFormat = job.encoder === "libx264" ? av.AV_PIX_FMT_YUV444P : av.AV_PIX_FMT_RGB24;
  context.framerate = new av.Rational(job.rate, 1000);
  context.timeBase = new av.Rational(1000, job.rate);
  context.threadCount = 1;
  context.setFlags(av.AV_CODEC_FLAG_GLOBAL_HEADER, av.AV_CODEC_FLAG_BITEXACT);
  for (const [name, value] of Object.entries(job.options)) {
    // One by one: node-av 6.1 frees a dictionary given to open2 twice.
    check(context.setOption(name, value, av.AV_OPT_TYPE_STRING, av.AV_OPT_SEARCH_CHILDREN));
  }
  check(await context.open2(codec));
}

function openOutput(av: NodeAv, output: FormatContext, encoder: CodecContext, job: EncodeJob, check: Check): Stream {
  check(output.allocOutputContext2(null, "mp4", `file:${job.path}`));
  output.setFlags(av.AVFMT_FLAG_BITEXACT);
  const stream = output.newStream();
  check(encoder.parametersFromContext(stream.codecpar));
  stream.timeBase = encoder.timeBase;
  stream.avgFrameRate = encoder.framerate;
  check(output.openOutputSync());
  check(output.writeHeaderSync());
  return stream;
}

/** Yields the frames in the encoder's pixel format; each is valid until the next. */
function* framesOf(av: NodeAv, { rgb, width, height, encoder }: EncodeJob, check: Check): Generator<Frame, void, void> {
  const size = width * height * 3;
  const converter = new av.SoftwareScaleContext();
  converter.allocContext();
  check(converter.setOption("sws_flags", av.SWS_BICUBIC | av.SWS_ACCURATE_RND, av.AV_OPT_TYPE_FLAGS));
  try {
    for (let index = 0; index * size < rgb.length; index += 1) {
      const pixels = Buffer.from(rgb.buffer, rgb.byteOffset + index * size, size);
      const pts = BigInt(index);
      const source = av.Frame.fromVideoBuffer(pixels, { width, height, format: av.AV_PIX_FMT_RGB24, pts });
      const frame = new av.Frame();
      frame.alloc();
      if (encoder === "libx264rgb") {
        check(frame.ref(source));
      } else {
        frame.width = width;
        frame.height = height;
        frame.format = av.AV_PIX_FMT_YUV444P;
        check(converter.scaleFrameSync(frame, source));
        frame.pts = pts;
      }
      yield frame;
      frame.free();
      source.free();
    }
  } finally {
    converter.freeContext();
  }
}
