import { nalUnits, readBits } from "./nal-units.ts";

/** What a decoder configuration record says of an H.264 stream's packets. */
export interface H264Format {
  /** Bytes of a NAL unit's length. */
  lengthBytes: number;
  /** Bits of frame_num. */
  frameNumBits: number;
  /** Sequence parameter sets, as NAL units. */
  parameterSets: Buffer[];
}

/** A coded picture by its slice headers. */
export interface H264Picture {
  /** Others may refer to it: nal_ref_idc > 0. */
  isReference: boolean;
  isIdr: boolean;
  /** All slices are I. */
  isIntra: boolean;
  frameNum: number;
}

const nal = { slice: 1, idr: 5, sei: 6, sps: 7, pps: 8, delimiter: 9, filler: 12 };

/**
 * The format of a stream of frames; undefined if there is no such record, or if the stream may have fields, colour planes or
 * scaling matrices, or parameter sets that differ.
 *
 * @see ISO/IEC 14496-15 5.3.3.1
 */
export function parseH264Format(record: Buffer): H264Format | undefined {
  if (record[0] !== 1 || record.length < 7) return undefined;
  const parameterSets: Buffer[] = [];
  let at = 6;
  for (let left = record[5]! & 31; left > 0; left -= 1) {
    if (at + 2 > record.length) return undefined;
    const length = record.readUInt16BE(at);
    parameterSets.push(record.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  const [frameNumBits, ...others] = new Set(parameterSets.map(frameNumBitsOf));
  if (frameNumBits === undefined || others.length > 0) return undefined;
  return { lengthBytes: (record[4]! & 3) + 1, frameNumBits, parameterSets };
}

/** Profiles whose parameter sets begin with the chroma format. */
const chromaProfiles = [44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244];

/** @see ITU-T H.264 7.3.2.1.1 */
function frameNumBitsOf(parameterSet: Buffer): number | undefined {
  const { bits, golomb } = readBits(parameterSet.subarray(1));
  const skip = (codes: number) => {
    for (let i = 0; i < codes; i += 1) golomb();
  };
  const profile = bits(8);
  bits(16); // constraints, level
  skip(1); // id
  if (chromaProfiles.includes(profile)) {
    if (golomb() === 3 && bits(1) === 1) return undefined; // colour planes
    skip(2); // bit depths
    bits(1); // lossless transform bypass
    if (bits(1) === 1) return undefined; // scaling matrices
  }
  const frameNumBits = golomb() + 4;
  const orderType = golomb();
  if (orderType === 0) skip(1);
  if (orderType === 1) {
    bits(1);
    skip(2);
    const offsets = golomb();
    if (!(offsets <= 255)) return undefined;
    skip(offsets);
  }
  skip(1); // reference frames
  bits(1); // gaps are allowed
  skip(2); // width, height
  const isFramesOnly = bits(1) === 1;
  return isFramesOnly && frameNumBits <= 16 ? frameNumBits : undefined;
}

/** Bytes that hold the start of any slice header. */
const headBytes = 24;

/**
 * The picture of a packet; undefined if it is damaged, or holds what a decoder of plain H.264 passes over or must not miss:
 * scalable and multi-view units, other parameter sets, the end of a sequence.
 *
 * @see ITU-T H.264 7.3.3, 7.4.1
 */
export function readPicture(packet: Buffer, format: H264Format): H264Picture | undefined {
  let picture: H264Picture | undefined;
  let hasSets = false;
  for (const unit of nalUnits(packet, format.lengthBytes) ?? []) {
    const type = unit[0]! & 0x9f; // with the forbidden bit
    if (type === nal.slice || type === nal.idr) {
      const { bits, golomb } = readBits(unit.subarray(1, headBytes));
      golomb(); // first macroblock
      const isIntra = golomb() % 5 === 2;
      golomb(); // picture parameter set
      const slice = {
        isReference: unit[0]! > 31,
        isIdr: type === nal.idr,
        isIntra,
        frameNum: bits(format.frameNumBits),
      };
      if (Number.isNaN(slice.frameNum) || (picture && !isSamePicture(picture, slice))) return undefined;
      picture = { ...slice, isIntra: isIntra && picture?.isIntra !== false };
    } else if (type === nal.pps) hasSets = true;
    else if (type === nal.sps) {
      hasSets = true;
      if (!format.parameterSets.some((set) => set.equals(unit))) return undefined;
    } else if (type !== nal.sei && type !== nal.delimiter && type !== nal.filler) return undefined;
  }
  return hasSets && !picture?.isReference ? undefined : picture;
}

function isSamePicture(a: H264Picture, b: H264Picture): boolean {
  return a.isReference === b.isReference && a.isIdr === b.isIdr && a.frameNum === b.frameNum;
}

/**
 * Checks that no reference is missing: frame_num counts them in decoding order, modulo 2^bits. Give it all pictures of a stretch.
 *
 * @returns False for a picture after a gap, and for a first one that is not intra.
 * @see ITU-T H.264 7.4.3
 */
export function createFrameCount({ frameNumBits }: H264Format): (picture: H264Picture) => boolean {
  let next: number | undefined;
  return ({ isReference, isIdr, isIntra, frameNum }) => {
    if (isIdr && (frameNum !== 0 || !isReference)) return false;
    if (!isIdr && (next === undefined ? !isIntra : frameNum !== next)) return false;
    next = isReference ? (frameNum + 1) % 2 ** frameNumBits : frameNum;
    return true;
  };
}
