import { existsSync, mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { availableParallelism, cpus, freemem, tmpdir, totalmem } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Finding } from "../finding.ts";

const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/** Features of the processor that change how fast the engines are, as Linux names them. */
const features = ["avx2", "fma", "avx512f", "avx512_bf16", "amx_bf16", "asimd", "bf16"];

export function checkProcessor(): Finding {
  const found = new Set(
    readIfThere("/proc/cpuinfo")
      .match(/^(flags|Features)\s*:.*$/m)?.[0]
      .split(/\s+/),
  );
  const has = features.filter((feature) => found.has(feature));
  const what = [cpus()[0]?.model.trim() || process.arch, `${availableParallelism()} threads`, ...has].join(", ");
  return { name: "processor", state: "ok", what };
}

export function checkMemory(): Finding {
  const limit = process.constrainedMemory() || Infinity; // of a container; without one 0, or more than there is
  const total = Math.min(limit, totalmem());
  const what = `${gib(total)}, ${gib(Math.min(total, freemem()))} free`;
  if (total >= 4 * 2 ** 30) return { name: "memory", state: "ok", what };
  return {
    name: "memory",
    state: "wrong",
    what,
    hint: "The miniature wants 4 GiB: give the machine or container more.",
  };
}

/** Whether a folder, or the nearest above it that is there, can be written, and how much it takes. */
export function checkDisk(name: string, folder: string, leastBytes: number): Finding {
  const path = resolve(folder);
  try {
    let present = path;
    while (!existsSync(present)) present = dirname(present);
    rmSync(mkdtempSync(join(present, ".doctor-")), { recursive: true });
    const { bavail, bsize } = statfsSync(present);
    const what = `${path}: writable, ${gib(bavail * bsize)} free`;
    if (bavail * bsize >= leastBytes) return { name, state: "ok", what };
    return { name, state: "wrong", what, hint: `Free ${gib(leastBytes)} at the least, or use another disk.` };
  } catch (error) {
    const hint = "Change its owner or permissions, or choose another folder.";
    return { name, state: "wrong", what: `${path}: ${(error as Error).message}`, hint };
  }
}

export const checkDisks = (): Finding[] => [
  checkDisk("disk of runs", "runs", 2 ** 30),
  checkDisk("temporary files", tmpdir(), 2 ** 28),
];

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
