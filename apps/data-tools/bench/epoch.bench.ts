/**
 * What does an epoch cost with prepared frames and without? Loads and resizes the clips of all records as training does, the two in
 * turn: `node --conditions=@videor1/source --import tsx apps/data-tools/bench/epoch.bench.ts RECORDS MEDIA_ROOT PREPARED [ROUNDS]`.
 */
import { cpus } from "node:os";
import { clipLoader, createLoader, MediaOptions, openRecords } from "@videor1/data";
import { parsePixelOptions, resizeClip } from "@videor1/processor-qwen25vl";

const [records = "", mediaRoot = "", prepared = "", rounds = "1"] = process.argv.slice(2);
const pixels = { image: parsePixelOptions({}, "image"), video: parsePixelOptions({}, "video") };

console.log(`${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}`);
const examples = await openRecords(records);
for (let round = 0; round < Number(rounds); round += 1)
  for (const [name, more] of Object.entries({ decoded: {}, prepared: { prepared, unprepared: "error" } })) {
    const load = clipLoader(MediaOptions.parse({ mediaRoot, ...more }), { seed: 42, check: () => {} });
    const [started, before] = [performance.now(), process.cpuUsage()];
    let clips = 0;
    for await (const { loaded, failed } of createLoader({ examples, load, batchSize: 4, seed: 42 })) {
      if (failed[0]) throw failed[0].reason;
      for (const { value } of loaded) clips += value.map((clip) => resizeClip(clip, pixels[clip.kind])).length;
    }
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(before);
    const cpuSeconds = (user + system) / 1e6;
    console.log(JSON.stringify({ name, clips, seconds, cpuSeconds, clipsPerSecond: clips / seconds, round }));
  }
examples.close();
