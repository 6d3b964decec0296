import { expect, test } from "vitest";
import { handOver, replyByTransfer, transferOf } from "./hand-over.ts";

const job = (rgb: Uint8Array) => ({ example: { problemId: 1 }, clips: [{ rgb, frames: 1 }] });

test("every clip comes with the buffer that it alone fills", () => {
  const whole = new Uint8Array([1, 2, 3]);
  const shared = new Uint8Array([4, 5, 6, 7]);
  const { value: jobs, transfer } = handOver([job(whole), job(shared.subarray(0, 2)), job(shared.subarray(2))]);
  const passed = structuredClone(jobs, { transfer });
  expect(passed.map(({ clips }) => [...clips[0]!.rgb])).toEqual([
    [1, 2, 3],
    [4, 5],
    [6, 7],
  ]);
  expect(passed[0]).toMatchObject({ example: { problemId: 1 }, clips: [{ frames: 1 }] });
  expect(whole).toHaveLength(0); // passed without a copy
  expect(shared).toHaveLength(4);
});

test("an array that is named twice is one array on the other side, copied or not", () => {
  const shared = new Uint8Array([1, 2, 3, 4]);
  for (const rgb of [shared.subarray(1), new Uint8Array([2, 3, 4])]) {
    const clip = { rgb, cut: { rgb, rows: new Float32Array([0.5]) } };
    const { value, transfer } = handOver({ clips: [clip] });
    const [passed] = structuredClone(value, { transfer }).clips;
    expect(passed!.cut.rgb).toBe(passed!.rgb);
    expect([[...passed!.rgb], [...passed!.cut.rows]]).toEqual([[2, 3, 4], [0.5]]);
    expect(clip.cut.rows).toHaveLength(0);
  }
});

test("a reply by transfer names its buffers, any other none", () => {
  const reply = replyByTransfer({ rows: new Float32Array(2), name: "a" });
  expect(transferOf(reply)).toEqual([reply.rows.buffer]);
  expect(transferOf({ rows: new Float32Array(2) })).toEqual([]);
});
