import { ownBuffer } from "@videor1/train";
import type { Job } from "./protocol.ts";

/** Jobs whose frames pass to a worker by transfer, not by a copy; this thread cannot read the frames any more. */
export function handOver(jobs: readonly Job[]): { jobs: Job[]; transfer: ArrayBuffer[] } {
  const transfer: ArrayBuffer[] = [];
  const owned = jobs.map(({ example, clip }) => {
    const rgb = ownBuffer(clip.rgb);
    transfer.push(rgb.buffer);
    return { example, clip: { ...clip, rgb } };
  });
  return { jobs: owned, transfer };
}
