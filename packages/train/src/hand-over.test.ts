import { expect, test } from "vitest";
import { handOver } from "./hand-over.ts";

const job = (rgb: Uint8Array) => ({ example: { problemId: 1 }, clips: [{ rgb, frames: 1 }] });

test("every clip comes with the buffer that it alone fills", () => {
  const whole = new Uint8Array([1, 2, 3]);
  const shared = new Uint8Array([4, 5, 6, 7]);
  const { jobs, transfer } = handOver([job(whole), job(shared.subarray(0, 2)), job(shared.subarray(2))]);
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
