import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeVideo, encodeVideo } from "@videor1/data";
import { type Finding, failed } from "../finding.ts";

const names = { "node-av": "video, node-av", ffmpeg: "video, ffmpeg" } as const;

/** Writes a video and reads it back, frame by frame the same. */
async function checkReader(backend: "node-av" | "ffmpeg"): Promise<Finding> {
  const name = names[backend];
  const folder = mkdtempSync(join(tmpdir(), "doctor-"));
  try {
    const path = join(folder, "four.mp4");
    const rgb = Uint8Array.from({ length: 4 * 16 * 16 * 3 }, (_, i) => (i * 37) % 256);
    await encodeVideo(path, rgb, { width: 16, height: 16, fps: 2, lossless: true, backend });
    const clip = await decodeVideo(path, { nframes: 4, backend });
    const isSame = Buffer.from(rgb).equals(clip.rgb);
    if (isSame) return { name, state: "ok", what: "writes and reads a video, bit for bit" };
    return { name, state: "wrong", what: "reads other frames than it wrote", hint: "Install another version of it." };
  } catch (error) {
    return failed(name, "missing", error, "The other reader is used.");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Both readers of videos; without either there are no videos. */
export async function checkMedia(): Promise<Finding[]> {
  const [first, second] = [await checkReader("node-av"), await checkReader("ffmpeg")];
  const isReadable = [first, second].some(({ state }) => state === "ok");
  return isReadable ? [first, second] : [{ ...first, state: "wrong" }, second];
}
