import { describe, expect, test } from "vitest";
import { loadNodeAv } from "./backend.ts";
import { referenceJudges } from "./unreferenced.ts";

const av = await loadNodeAv();
const { AV_CODEC_ID_HEVC: hevc, AV_CODEC_ID_H264: h264, AV_CODEC_ID_MPEG4: mpeg4 } = av;
const judges = (codecId: typeof hevc, extradata: Buffer | null) => referenceJudges(av, { codecId, extradata });

describe("HEVC", () => {
  /** A decoder configuration record (ISO/IEC 14496-15 8.3.3.1) with one sequence parameter set of so many sub-layers. */
  const record = (subLayers: number) => {
    const sps = [33 << 1, 1, (subLayers - 1) << 1, 0];
    return Buffer.from([1, ...new Array<number>(20).fill(0), 1, 1, 33, 0, 1, 0, sps.length, ...sps]);
  };

  test("of one temporal sub-layer alone has marks", () => {
    expect(judges(hevc, record(1))).toBeDefined();
    expect(judges(hevc, record(2))).toBeUndefined();
    for (const extradata of [null, Buffer.alloc(0), Buffer.from([0, 0, 0, 1]), record(1).subarray(0, 23)])
      expect(judges(hevc, extradata)).toBeUndefined();
  });

  test("says by the types of the units of a packet what others refer to", () => {
    const judge = judges(hevc, record(1))!();
    const packet = (...types: number[]) => Buffer.from(types.flatMap((type) => [0, 2, type << 1, 1]));
    const [trailN, trailR, raslN, sps, delimiter, sei] = [0, 1, 8, 33, 35, 39];
    for (const types of [[trailN], [raslN, raslN], [delimiter, sei, trailN]])
      expect(judge(packet(...types))).toBe("unreferenced");
    for (const types of [[trailR], [trailN, trailR], [sps, trailN], [sei], [16], [21]])
      expect(judge(packet(...types))).toBe("referenced");
    expect(judge(packet(trailN).subarray(0, 3))).toBe("referenced"); // the decoder's to judge
  });
});

describe("H.264", () => {
  /** Baseline, 64x48, 4 bits of frame_num. @see h264-pictures.test.ts */
  const sps = [0x67, 66, 0, 30, 0b1_1_011_010, 0b1_0_00100_0, 0b11_1_1_0_0_1_0];
  const record = Buffer.from([1, 66, 0, 30, 0xff, 0xe1, 0, sps.length, ...sps, 0]);
  /** One slice, of the first macroblock and parameter set. */
  const packet = (head: number, type: "I" | "P", frameNum: number) => {
    const bits = `1${type === "I" ? "011" : "1"}1${frameNum.toString(2).padStart(4, "0")}1`.padEnd(16, "0");
    return Buffer.from([0, 0, 0, 3, head, Number.parseInt(bits.slice(0, 8), 2), Number.parseInt(bits.slice(8), 2)]);
  };

  test("marks what others refer to; a gap in their count is doubtful, in each stretch anew", () => {
    const create = judges(h264, record)!;
    const judge = create();
    expect(judge(packet(0x65, "I", 0))).toBe("referenced");
    expect(judge(packet(0x01, "P", 1))).toBe("unreferenced");
    expect(judge(packet(0x41, "P", 1))).toBe("referenced");
    expect(judge(packet(0x01, "P", 3))).toBe("doubtful");
    expect(create()(packet(0x41, "I", 7))).toBe("referenced");
    expect(create()(packet(0x41, "P", 7))).toBe("doubtful");
    expect(create()(Buffer.alloc(0))).toBe("doubtful");
  });

  test("without a record has no marks", () => {
    for (const extradata of [null, Buffer.alloc(0), Buffer.from([0, 0, 0, 1, ...sps])])
      expect(judges(h264, extradata)).toBeUndefined();
    expect(judges(mpeg4, record)).toBeUndefined();
  });
});
