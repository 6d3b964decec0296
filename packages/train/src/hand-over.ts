import { ownBuffer } from "./own-buffer.ts";

/** A job for a worker, with the frames of its clip. */
interface Job {
  clip: { rgb: Uint8Array };
}

/** Jobs whose frames pass to a worker by transfer, not by a copy; this thread cannot read the frames any more. */
export function handOver<J extends Job>(jobs: readonly J[]): { jobs: J[]; transfer: ArrayBuffer[] } {
  const buffers = new Set<ArrayBuffer>();
  const owned = jobs.map((job) => {
    const rgb = ownBuffer(job.clip.rgb);
    buffers.add(rgb.buffer);
    return { ...job, clip: { ...job.clip, rgb } };
  });
  return { jobs: owned, transfer: [...buffers] };
}
