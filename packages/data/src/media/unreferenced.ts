import type { CodecParameters } from "node-av/lib";
import type { NodeAv } from "./backend.ts";
import { createFrameCount, type H264Format, parseH264Format, readPicture } from "./h264-pictures.ts";
import { nalUnits } from "./nal-units.ts";

/** Whether others may refer to the picture of a packet; doubtful if pictures must not be left out of the stretch at all. */
export type Reference = "referenced" | "unreferenced" | "doubtful";

/** Judges the packets of a stretch, from a key packet on: give it all of them, in file order. */
export type ReferenceJudge = (packet: Buffer) => Reference;

/**
 * Creates judges of the pictures that no other refers to, so that those not wanted need not be decoded: of H.264 and HEVC in
 * MP4, Matroska and FLV. Undefined if the bitstream does not mark them.
 *
 * HEVC of several temporal sub-layers does not: the marks speak of the own sub-layer only. Where a reference is lost, a decoder
 * of H.264 shows the picture before instead, referred to or not, without a word; so a gap in the count of references is doubtful.
 *
 * @see ITU-T H.265 7.4.2.2; ITU-T H.264 7.4.1, 7.4.3
 */
export function referenceJudges(
  av: NodeAv,
  { codecId, extradata: record }: Pick<CodecParameters, "codecId" | "extradata">,
): (() => ReferenceJudge) | undefined {
  if (record === null) return undefined;
  if (codecId === av.AV_CODEC_ID_H264) {
    const format = parseH264Format(record);
    return format && (() => judgeOfH264(format));
  }
  if (codecId !== av.AV_CODEC_ID_HEVC || subLayersOf(record) !== 1) return undefined;
  const judge = judgeOfHevc(((record[21] ?? 3) & 3) + 1);
  return () => judge;
}

function judgeOfH264(format: H264Format): ReferenceJudge {
  const counts = createFrameCount(format);
  return (packet) => {
    const picture = readPicture(packet, format);
    if (picture === undefined || !counts(picture)) return "doubtful";
    return picture.isReference ? "referenced" : "unreferenced";
  };
}

const hevc = { lastUnreferenced: 14, sps: 33, delimiter: 35, filler: 38, seiBefore: 39, seiAfter: 40 };

/** @see ITU-T H.265 table 7-1 */
function judgeOfHevc(lengthBytes: number): ReferenceJudge {
  const passedOver = [hevc.delimiter, hevc.filler, hevc.seiBefore, hevc.seiAfter];
  return (packet) => {
    const types = nalUnits(packet, lengthBytes)?.map(([head = 0]) => head >> 1) ?? [];
    const pictures = types.filter((type) => !passedOver.includes(type));
    const isUnreferenced = (type: number) => type <= hevc.lastUnreferenced && type % 2 === 0;
    return pictures.length > 0 && pictures.every(isUnreferenced) ? "unreferenced" : "referenced";
  };
}

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
      if (type === hevc.sps) most = Math.max(most ?? 0, (((record[at + 4] ?? 14) >> 1) & 7) + 1);
      at += 2 + uint16(record, at);
    }
  }
  return most;
}

const uint16 = (bytes: Buffer, at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
