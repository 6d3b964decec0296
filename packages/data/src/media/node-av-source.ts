import type { CodecContext, Packet } from "node-av/lib";
import type { NodeAv } from "./backend.ts";
import { readFrames, type Survey } from "./node-av-frames.ts";
import { decodePacket, type Input, openDecoder, openInput } from "./node-av-input.ts";
import { describePacket, type FilePacket, hasIndex, openPackets } from "./node-av-packets.ts";
import { referenceJudges } from "./unreferenced.ts";
import {
  hasOwnRate,
  hideLeading,
  leadingPackets,
  type SourceOptions,
  secondsOf,
  timelineOf,
  type VideoSource,
} from "./video-source.ts";

/**
 * Opens a video with node-av. A pass over all packets finds the display order; `read` decodes the groups of pictures that hold
 * the asked frames.
 */
export async function openWithNodeAv(av: NodeAv, path: string, options: SourceOptions): Promise<VideoSource> {
  const input = await openInput(av, path, options.bytes);
  try {
    const warnings: string[] = [];
    const packets = await packetsOf(av, input, options.signal, warnings);
    const { timeBase, avgFrameRate } = input.stream;
    const leading = leadingPackets(packets);
    if (leading.length > 0) {
      hideLeading(packets, leading, await shownTimes(av, path, leading.at(-1)!, options));
    }
    const secondsPerTick = timeBase.num / timeBase.den;
    const timeline = timelineOf(packets, secondsPerTick);
    const survey: Survey = {
      packets,
      timeline,
      trustKeys: trustsKeys(av, input, packets),
      hasIndex: hasIndex(input),
      judgeOf: referenceJudges(av, input.stream.codecpar),
    };
    return {
      totalFrames: timeline.order.length,
      fps: hasOwnRate(input.format.iformat?.name ?? "") ? avgFrameRate.num / avgFrameRate.den : Number.NaN,
      durationSeconds: timeline.durationSeconds,
      secondsOf: (indices) => secondsOf(indices, packets, timeline, secondsPerTick),
      warnings,
      read: (indices) => readFrames(av, path, { indices, survey, options }),
    };
  } finally {
    input.format.closeInputSync();
  }
}

async function packetsOf(av: NodeAv, input: Input, signal: AbortSignal, warnings: string[]): Promise<FilePacket[]> {
  const packets: FilePacket[] = [];
  const reader = openPackets(av, input, { signal, warnings });
  try {
    for (;;) {
      const found = reader.next();
      if (!(typeof found === "boolean" ? found : await found)) return packets;
      if (reader.packet.hasFlags(av.AV_PKT_FLAG_CORRUPT)) warnings.push(`packet ${packets.length} is damaged`);
      packets.push(describePacket(av, reader.packet));
    }
  } finally {
    reader.close();
  }
}

/** Times of the frames that come out of the packets 0 to `last`. */
async function shownTimes(av: NodeAv, path: string, last: number, options: SourceOptions): Promise<bigint[]> {
  const input = await openInput(av, path, options.bytes);
  const reader = openPackets(av, input, { signal: options.signal, warnings: [] });
  const frame = new av.Frame();
  frame.alloc();
  const times: bigint[] = [];
  const onFrame = () => {
    times.push(frame.pts);
  };
  let decoder: CodecContext | undefined;
  try {
    decoder = await openDecoder(av, path, input, options.threads);
    const decode = (packet: Packet | null) =>
      decodePacket(av, decoder!, packet, { frame, inline: input.inline, warnings: [], onFrame });
    for (let position = 0; position <= last && (await reader.next()); position += 1) await decode(reader.packet);
    await decode(null);
    return times;
  } finally {
    frame.free();
    decoder?.freeContext();
    reader.close();
    input.format.closeInputSync();
  }
}

/**
 * False if the marks of key packets may be wrong, so that no packet can be skipped: a container without a list of key packets
 * marks them all, and a simple decoder decodes a difference on a grey picture without a word. The decoders named
 * here look into the packets themselves.
 */
function trustsKeys(av: NodeAv, { stream }: Input, packets: readonly FilePacket[]): boolean {
  if (packets.some(({ key }) => !key) || stream.codecpar.hasProperties(av.AV_CODEC_PROP_INTRA_ONLY)) return true;
  const checking = [
    av.AV_CODEC_ID_H264,
    av.AV_CODEC_ID_HEVC,
    av.AV_CODEC_ID_VP8,
    av.AV_CODEC_ID_VP9,
    av.AV_CODEC_ID_AV1,
    av.AV_CODEC_ID_MPEG1VIDEO,
    av.AV_CODEC_ID_MPEG2VIDEO,
  ];
  return checking.includes(stream.codecpar.codecId);
}
