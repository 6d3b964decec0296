import { ownBuffer } from "./own-buffer.ts";

/** A job for a worker, with the frames of its clips. */
interface Job {
  clips: readonly { rgb: Uint8Array }[];
}

/** Jobs whose frames pass to a worker by transfer, not by a copy; this thread cannot read the frames any more. */
export function handOver<J extends Job>(jobs: readonly J[]): { jobs: J[]; transfer: ArrayBuffer[] } {
  const buffers = new Set<ArrayBuffer>();
  const owned = jobs.map((job) => {
    const clips = job.clips.map((clip) => {
      const rgb = ownBuffer(clip.rgb);
      buffers.add(rgb.buffer);
      return { ...clip, rgb };
    });
    return { ...job, clips };
  });
  return { jobs: owned, transfer: [...buffers] };
}
