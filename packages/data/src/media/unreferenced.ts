import type { CodecContext, CodecParameters } from "node-av/lib";
import type { NodeAv } from "./backend.ts";

/**
 * True if the bitstream marks the pictures that no other refers to, so that those not wanted need not be decoded: HEVC of one
 * temporal sub-layer (of several, the marks speak of the own sub-layer only). H.264 marks them too, but where a reference is
 * lost its decoder shows the picture before instead, referred to or not; that of HEVC shows grey.
 *
 * @see ITU-T H.265 7.4.2.2
 */
export function marksUnreferenced(av: NodeAv, { codecId, extradata }: CodecParameters): boolean {
  return codecId === av.AV_CODEC_ID_HEVC && extradata !== null && subLayersOf(extradata) === 1;
}

/** Tells `decoder` whether the next packet's picture is wanted; else it is decoded only if others refer to it. */
export function wantPicture(av: NodeAv, decoder: CodecContext, isWanted: boolean): void {
  decoder.setOption("skip_frame", isWanted ? av.AVDISCARD_DEFAULT : av.AVDISCARD_NONREF, av.AV_OPT_TYPE_INT);
}

const spsType = 33;

/**
 * Most temporal sub-layers of the sequence parameter sets in a decoder configuration record; undefined if there is none.
 *
 * @see ISO/IEC 14496-15 8.3.3.1; ITU-T H.265 7.3.2.2
 */
function subLayersOf(record: Buffer): number | undefined {
  if (record[0] !== 1) return undefined;
  let most: number | undefined;
  let at = 23;
  for (let array = 0; array < (record[22] ?? 0); array += 1) {
    const type = (record[at] ?? 0) & 63;
    const count = uint16(record, at + 1);
    at += 3;
    for (let unit = 0; unit < count; unit += 1) {
      if (type === spsType) most = Math.max(most ?? 0, (((record[at + 4] ?? 14) >> 1) & 7) + 1);
      at += 2 + uint16(record, at);
    }
  }
  return most;
}

const uint16 = (bytes: Buffer, at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
