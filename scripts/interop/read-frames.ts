/**
 * CPU seconds and peak memory of this repository's readers: `read-frames.ts decodeVideo|loadClips FILE NFRAMES`, with the line
 * that read_frames.py prints.
 */
import { createHash } from "node:crypto";
import { basename, dirname } from "node:path";
import { decodeVideo, loadClips, MediaOptions } from "@videor1/data";
import { parsePixelOptions, resizeClip } from "@videor1/processor-qwen25vl";

const [reader, path = "", count] = process.argv.slice(2);
const nframes = Number(count);
const media = MediaOptions.parse({ mediaRoot: dirname(path), nframes });

async function read(): Promise<Uint8Array> {
  if (reader === "decodeVideo") return (await decodeVideo(path, { nframes })).rgb;
  const example = { dataType: "video", path: basename(path), problemId: 0 } as const;
  return resizeClip((await loadClips(example, media))[0]!, parsePixelOptions({}, "video")).rgb;
}

await read();
const before = process.cpuUsage();
const rgb = await read();
const { user, system } = process.cpuUsage(before);
const hash = createHash("sha256").update(rgb).digest("hex").slice(0, 12);
const megabytes = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ seconds: (user + system) / 1e6, megabytes, hash }));
