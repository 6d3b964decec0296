/**
 * Writes a small video, reads some of its frames back, and puts them in another order.
 *
 *     npm run example -- 3
 *
 *     frames 0,5,10,15 of 16, 2 s, so 2 frames a second
 *     ordered  0 80 160 240
 *     permuted 160 0 240 80
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clip, decodeVideo, encodeVideo, permuteFrames } from "@videor1/data";

const [width, height] = [64, 48];
const frameBytes = width * height * 3;
const rgb = Uint8Array.from({ length: 16 * frameBytes }, (_, i) => 16 * Math.floor(i / frameBytes)); // 16 frames, ever brighter

const folder = mkdtempSync(join(tmpdir(), "frames-"));
const path = join(folder, "brighter.mp4");
await encodeVideo(path, rgb, { width, height, fps: 8, lossless: true });

const clip = await decodeVideo(path, { nframes: 4 }); // spread over the whole, first and last included
console.log(`frames ${clip.indices} of ${clip.totalFrames}, ${clip.durationSeconds} s, so ${clip.fps} frames a second`);

const firstBytes = (clip: Clip) => Array.from({ length: clip.frames }, (_, frame) => clip.rgb[frame * frameBytes]);
console.log("ordered ", ...firstBytes(clip));
console.log("permuted", ...firstBytes(permuteFrames(clip, [2, 0, 3, 1]))); // what T-GRPO shows the other half of a group

rmSync(folder, { recursive: true });
