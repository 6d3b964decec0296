/**
 * What the thread that feeds the device does for a prompt's clip, in CPU milliseconds: if it resizes, hashes and cuts the clip itself,
 * for each order of the frames; and since all of that is ready when the prompt arrives.
 *
 *     node --conditions=@videor1/source --import tsx apps/rl/bench/device-thread.ts MODEL
 *
 * @param MODEL - Folder with a tokenizer and a chat template, such as runs/miniature/sft/model of npm start.
 */
import { cpus } from "node:os";
import { permuteVideos } from "@videor1/data";
import { loadProcessor } from "@videor1/processor-qwen25vl";
import { clipOrders } from "../src/clip-orders.ts";
import { RlConfig } from "../src/config.ts";
import type { Job } from "../src/job.ts";
import { tgrpoOptions } from "../src/options.ts";
import { preparePrompt } from "../src/prompts.ts";
import { readyClips } from "../src/ready-clips.ts";

const frames = 16;
const repeats = 5;
const [model] = process.argv.slice(2);
if (model === undefined) throw new RangeError("device-thread: give the folder of a model");

const processor = await loadProcessor(model);
const config = RlConfig.parse({ model, outputDir: "-", data: { records: "-", media: { mediaRoot: "-" } } });
const options = tgrpoOptions(config);
const example: Job["example"] = {
  problemId: 1,
  problem: "Which colour is seen first?",
  problemType: "multiple choice",
  dataType: "video",
  options: ["A. red", "B. blue"],
  dataSource: "bench",
  solution: "<answer>A</answer>",
  path: "./clip.mp4",
};
const asked = { id: "1/0/0", example, seed: 7 };

console.log(`${cpus()[0]?.model}, Node ${process.version}; ${frames} frames, CPU ms of the device's thread a prompt`);
for (const [name, height, width, pixels] of [
  ["56 x 56", 56, 56, 56 * 56],
  ["720p", 720, 1280, 128 * 28 * 28],
  ["1080p", 1080, 1920, 128 * 28 * 28],
  ["1080p, 256 tokens a frame", 1080, 1920, 256 * 28 * 28],
] as const) {
  const decoded = {
    kind: "video" as const,
    rgb: Uint8Array.from({ length: frames * height * width * 3 }, (_, i) => (i * 7 + (i >> 9)) % 251),
    frames,
    height,
    width,
    fps: 2,
    indices: [...Array(frames).keys()],
    minPixels: pixels,
    maxPixels: pixels,
    resizeRules: "qwenVlUtils" as const,
  };
  const itself = least(() => {
    const { clips, framesHash } = readyClips([decoded], processor.config);
    const backwards = permuteVideos(clips, (count) => Array.from({ length: count }, (_, f) => count - 1 - f));
    const media = { framesHash, ordered: clips, permuted: backwards };
    preparePrompt({ ...asked, media }, config, options, processor);
  });
  const { clips, framesHash } = readyClips([decoded], processor.config);
  const media = { framesHash, ...clipOrders({ ...asked, clips }, options.tgrpo, processor.config) };
  const ready = least(() => void preparePrompt({ ...asked, media }, config, options, processor));
  const bytes = [...media.ordered, ...media.permuted!.clips].reduce(
    (sum, { rgb, cut }) => sum + rgb.length + cut!.rows.byteLength,
    0,
  );
  console.log(
    `${name}: by itself ${itself.toFixed(1)}, ready ${ready.toFixed(1)}; held ready ${(bytes / 1e6).toFixed(1)} MB, decoded ${(decoded.rgb.length / 1e6).toFixed(1)} MB`,
  );
}

/** The least CPU time of some runs, in milliseconds. */
function least(work: () => void): number {
  let most = Number.POSITIVE_INFINITY;
  for (let i = 0; i < repeats; i++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    most = Math.min(most, (user + system) / 1e3);
  }
  return most;
}
