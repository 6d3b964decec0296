import { expect, test } from "vitest";
import { loadNodeAv } from "./backend.ts";
import { marksUnreferenced } from "./unreferenced.ts";

const av = await loadNodeAv();

/** A decoder configuration record (ISO/IEC 14496-15 8.3.3.1) with one sequence parameter set of so many sub-layers. */
const record = (subLayers: number) => {
  const sps = [33 << 1, 1, (subLayers - 1) << 1, 0];
  return Buffer.from([1, ...new Array<number>(21).fill(0), 1, 33, 0, 1, 0, sps.length, ...sps]);
};
const marks = (codecId: number, extradata: Buffer | null) =>
  marksUnreferenced(av, { codecId, extradata } as unknown as Parameters<typeof marksUnreferenced>[1]);

test("HEVC of one temporal sub-layer alone; not H.264, whose concealment needs all pictures", () => {
  const { AV_CODEC_ID_HEVC: hevc, AV_CODEC_ID_H264: h264 } = av;
  expect(marks(hevc, record(1))).toBe(true);
  expect(marks(hevc, record(2))).toBe(false);
  expect(marks(h264, record(1))).toBe(false);
});

test("a record that is missing, of another form or cut short says nothing", () => {
  const { AV_CODEC_ID_HEVC: hevc } = av;
  for (const extradata of [null, Buffer.alloc(0), Buffer.from([0, 0, 0, 1]), record(1).subarray(0, 23)])
    expect(marks(hevc, extradata)).toBe(false);
});
