import { statfsSync } from "node:fs";
import { formatBytes } from "@videor1/cli";
import { DataToolError } from "../files/data-tool-error.ts";

export interface LimitOptions {
  /** Most bytes that come out of one byte of an archive. */
  maxRatio: number;
  /** Most bytes that are written in all; null: what the disk has. */
  maxBytes: number | null;
}

/** Watches what an archive becomes, so that a small one fills no disk. */
export interface ArchiveLimits {
  /** Called with the bytes of the archive's content so far, before they are written. @throws {DataToolError} UNPACK_BOMB */
  unpacked(bytes: number): void;
  /** Called before a file is written. @throws {DataToolError} UNPACK_MAX_BYTES or UNPACK_DISK, which end the whole run. */
  beforeWriting(bytes: number): void;
}

/** Below this the ratio does not count: small files of one letter are no danger. */
const ratioFrom = 16e6;
/** What is left free on the disk. */
const reserve = 256e6;

/** Limits of all archives of a run. */
export function createLimits({ maxRatio, maxBytes }: LimitOptions) {
  let written = 0;
  return {
    ofArchive(root: string, archiveBytes: number): ArchiveLimits {
      let free = 0;
      return {
        unpacked(bytes) {
          if (bytes < ratioFrom || bytes <= maxRatio * archiveBytes) return;
          const message = `it becomes more than ${formatBytes(bytes)}, over ${maxRatio} times its ${formatBytes(archiveBytes)}`;
          const hint = "It may be made to fill the disk. If you trust it, raise maxRatio.";
          throw new DataToolError("UNPACK_BOMB", message, hint);
        },
        beforeWriting(bytes) {
          if (maxBytes !== null && written + bytes > maxBytes) {
            const hint = "Raise maxBytes; the same command goes on from here.";
            throw new DataToolError("UNPACK_MAX_BYTES", `more than maxBytes=${maxBytes} would be written`, hint);
          }
          if (free < bytes + reserve) {
            const { bavail, bsize } = statfsSync(root);
            // looked up again after a gigabyte, since others write too
            free = Math.min(bavail * bsize, bytes + reserve + 1e9);
            if (bavail * bsize < bytes + reserve) {
              const message = `${root}: the next file has ${formatBytes(bytes)}, and the disk ${formatBytes(bavail * bsize)} free, of which ${formatBytes(reserve)} are left`;
              throw new DataToolError("UNPACK_DISK", message, "Free some space; the same command goes on from here.");
            }
          }
          free -= bytes;
          written += bytes;
        },
      };
    },
  };
}
