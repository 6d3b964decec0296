/**
 * The NAL units of a packet, each after its length; undefined if the lengths do not fill the packet.
 *
 * @param lengthBytes - bytes of a length, 1 to 4.
 * @see ISO/IEC 14496-15 5.3.3
 */
export function nalUnits(packet: Buffer, lengthBytes: number): Buffer[] | undefined {
  const units: Buffer[] = [];
  let at = 0;
  while (at < packet.length) {
    if (at + lengthBytes >= packet.length) return undefined;
    const length = packet.readUIntBE(at, lengthBytes);
    at += lengthBytes;
    if (length === 0 || at + length > packet.length) return undefined;
    units.push(packet.subarray(at, at + length));
    at += length;
  }
  return units;
}

/** Reads a NAL unit's payload; NaN from its end on. */
export interface BitReader {
  /** An unsigned number of so many bits. */
  bits(count: number): number;
  /** An Exp-Golomb code, ue(v). */
  golomb(): number;
}

/** @param payload - bytes after the NAL unit's header, with emulation prevention. @see ITU-T H.264 7.3.1, 9.1 */
export function readBits(payload: Buffer): BitReader {
  const bytes = payload.filter((byte, i) => byte !== 3 || i < 2 || payload[i - 1] !== 0 || payload[i - 2] !== 0);
  let position = 0;
  const bits = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i += 1, position += 1) {
      value = value * 2 + (((bytes[position >> 3] ?? 0) >> (7 - (position & 7))) & 1);
    }
    return position > bytes.length * 8 ? Number.NaN : value;
  };
  const golomb = (): number => {
    let zeros = 0;
    for (let bit = bits(1); bit !== 1; bit = bits(1), zeros += 1)
      if (Number.isNaN(bit) || zeros === 31) return Number.NaN;
    return 2 ** zeros - 1 + bits(zeros);
  };
  return { bits, golomb };
}
