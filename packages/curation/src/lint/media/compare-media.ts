import type { Code, Finding, FoundAt } from "../check.ts";
import type { Other } from "../others.ts";
import { createAlikeFinder } from "./alike.ts";
import type { FrameFingerprint } from "./fingerprint.ts";
import { mediaCodes } from "./media-codes.ts";

/** What reading a medium showed. */
export type ReadMedium =
  | { status: "missing" | "unreadable"; reason: string }
  | {
      status: "read";
      /** Of its bytes; undefined for a folder or list of frames. */
      sha256?: string | undefined;
      frames: readonly FrameFingerprint[];
      /** Frames of a video; undefined for an image. */
      totalFrames?: number | undefined;
    };

export interface MediaComparer {
  /** Adds a medium of another data set; all of those before the own ones. */
  addOther(path: string, other: Other, read: ReadMedium): void;
  /** Adds a medium of this data set, with the first record that names it. */
  add(path: string, record: Omit<FoundAt, "note">, read: ReadMedium): void;
  finish(): Finding[];
}

export interface MediaComparerOptions {
  /** Frames that training asks for. */
  nframes: number;
  /** Media of a code that are listed. */
  most: number;
  isAsked: (code: string) => boolean;
}

/** Compares media by their bytes and by their pixels. A medium that is a copy of one is not told to look like it as well. */
export function createMediaComparer({ nframes, most, isAsked }: MediaComparerOptions): MediaComparer {
  const bytes = new Map<string, { path: string; other?: Other }>();
  const pixels = createAlikeFinder<{ path: string; other?: Other }>();
  const found = new Map<string, Finding>();
  const tell = (code: Code, record: Omit<FoundAt, "note">, note: string) => {
    if (!isAsked(code.code)) return;
    const finding = found.get(code.code) ?? { ...code, count: 0, records: [], groups: [] };
    found.set(code.code, finding);
    finding.count += 1;
    if (finding.records.length < most) finding.records.push({ ...record, note });
  };
  return {
    addOther(path, other, read) {
      if (read.status !== "read") return;
      if (read.sha256 !== undefined && !bytes.has(read.sha256)) bytes.set(read.sha256, { path, other });
      pixels.add({ path, other }, read.frames);
    },
    add(path, record, read) {
      if (read.status !== "read") {
        tell(mediaCodes[read.status], record, read.reason);
        return;
      }
      const { sha256, totalFrames, frames } = read;
      if (totalFrames !== undefined && totalFrames < nframes)
        tell(mediaCodes.short, record, `${path}: ${totalFrames} frames, asked for ${nframes}`);
      const same = sha256 === undefined ? undefined : bytes.get(sha256);
      const alike = pixels.add({ path }, frames);
      if (same?.other) tell(mediaCodes.leakContent, record, `${path} is ${same.path} of ${same.other.name}`);
      else if (same) tell(mediaCodes.copy, record, `${path} is ${same.path}`);
      else {
        const leak = alike.find(({ other }) => other !== undefined);
        const own = alike.find(({ other }) => other === undefined);
        if (leak) tell(mediaCodes.leakPixels, record, `${path} looks as ${leak.path} of ${leak.other!.name}`);
        if (own) tell(mediaCodes.alike, record, `${path} looks as ${own.path}`);
        if (sha256 !== undefined) bytes.set(sha256, { path });
      }
    },
    finish: () => Object.values(mediaCodes).flatMap(({ code }) => found.get(code) ?? []),
  };
}
