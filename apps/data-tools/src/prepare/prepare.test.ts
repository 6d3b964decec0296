import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkPrepared, type Example, loadClips, MediaOptions, type OpenRecords, openRecords } from "@videor1/data";
import { checkClipSize, parsePixelOptions, resizeClip } from "@videor1/processor-qwen25vl";
import { openSafetensors } from "@videor1/safetensors";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mediaFolder, mixedRecords, videoRecord, writeVideo } from "../../test/media-folder.ts";
import { killOnceWritten, runVerb } from "../../test/run-verb.ts";
import { command as prepare } from "./command.ts";

let folder: string;
let mediaRoot: string;
let records: string;
let prepared: string;
let examples: OpenRecords;
const shardBytes = 3_000_000;
const config = { image: parsePixelOptions({}, "image"), video: parsePixelOptions({}, "video") };

beforeAll(async () => {
  ({ folder, mediaRoot } = await mediaFolder());
  records = join(folder, "records.json");
  prepared = join(folder, "prepared");
  cpSync(join(mediaRoot, "a.mp4"), join(mediaRoot, "copy-of-a.mp4"));
  const more = [
    videoRecord(20, "copy-of-a.mp4"),
    videoRecord(21, "a.mp4", { max_pixels: 200_704, nframes: 2 }),
    videoRecord(22, "b.mp4", { resized_height: 60, resized_width: 100 }),
    videoRecord(23, "i.png", { data_type: "image", max_pixels: 3136 }),
  ];
  writeFileSync(records, JSON.stringify([...mixedRecords, ...more]));
  const { code, result } = await runVerb(
    prepare,
    records,
    prepared,
    `mediaRoot=${mediaRoot}`,
    `shardBytes=${shardBytes}`,
  );
  expect(code).toBe(0);
  const failed = { DECODE_FAILED: 1, MEDIA_NOT_FOUND: 1, MEDIA_OUTSIDE_ROOT: 2 };
  expect(result).toMatchObject({ asked: 17, prepared: 13, failed, preparedNow: 17 });
  examples = await openRecords(records, { onInvalid: "skip", print: () => {} });
});
afterAll(() => {
  examples.close();
  rmSync(folder, { recursive: true });
});

const options = (changes: object = {}) => MediaOptions.parse({ mediaRoot, ...changes });
const all = (): Example[] => Array.from({ length: examples.length }, (_, i) => examples.at(i));
const warningsOf = async (example: Example, changes: object) => {
  const lines: string[] = [];
  const [clip] = await loadClips(example, options({ prepared, ...changes }), { onWarning: (line) => lines.push(line) });
  return { clip: clip!, lines };
};

test("what the processor makes of prepared frames is what it makes of decoded ones, or the same failure", async () => {
  let compared = 0;
  for (const example of all()) {
    for (const time of ["uniform", "real"] as const) {
      const load = (changes: object) =>
        loadClips(example, options({ time, ...changes })).catch((error: Error) => error.message);
      const [decoded, stored] = [await load({}), await load({ prepared, unprepared: "error" })];
      if (typeof decoded === "string" || typeof stored === "string") expect(stored).toBe(decoded);
      else
        for (const [i, clip] of stored.entries()) {
          const { resizedFrom, rgb, ...facts } = clip;
          expect(resizedFrom).toEqual({ height: 56, width: 56 });
          const { rgb: expected, ...expectedFacts } = resizeClip(decoded[i]!, config[clip.kind]);
          expect(facts).toEqual(expectedFacts);
          expect(Buffer.compare(rgb, expected)).toBe(0);
          compared += 1;
        }
    }
  }
  expect(compared).toBe(2 * 12);
});

test("shards are safetensors files within the limit, and the same content is there once", async () => {
  const shards = readdirSync(prepared).filter((name) => name.endsWith(".safetensors"));
  expect(shards.length).toBeGreaterThan(1);
  const names = shards.flatMap((name) => {
    const file = openSafetensors(join(prepared, name));
    const sizes = file.names.map((tensor) => file.info(tensor).shape.reduce((a, b) => a * b));
    expect(sizes.length === 1 || sizes.reduce((a, b) => a + b) <= shardBytes).toBe(true);
    file.close();
    return file.names;
  });
  expect(new Set(names).size).toBe(names.length);
  expect(names).toHaveLength(11);
});

test("frames that are missing, of another policy, stale or damaged are decoded with one warning, or refused", async () => {
  const [first] = all();
  const refusal = (example: Example, changes: object = {}) =>
    loadClips(example, options({ prepared, unprepared: "error", ...changes }));
  await expect(refusal(first!, { nframes: 6 })).rejects.toMatchObject({ code: "PREPARED_MISSING" });
  const { clip, lines } = await warningsOf(first!, { nframes: 6 });
  expect(clip.frames).toBe(6);
  expect(clip.resized).toBeUndefined();
  expect(lines).toEqual([
    expect.stringMatching(/holds no frames of \.\/a\.mp4 as the settings ask for them; it is decoded/),
  ]);
  expect((await warningsOf(first!, { nframes: 8 })).lines).toEqual([]);

  const changed = join(mediaRoot, "b.mp4");
  const bytes = readFileSync(changed);
  const b = all().find(({ problemId }) => problemId === 3)!;
  utimesSync(changed, 1000, 1000); // another time, the same bytes
  expect((await refusal(b))[0]!.resized).toBe(true);
  await writeVideo(changed, 16, 200);
  await expect(refusal(b)).rejects.toMatchObject({ code: "PREPARED_STALE", message: expect.stringContaining("b.mp4") });
  const fresh = await loadClips(b, options());
  const stale = await warningsOf(b, {});
  expect(Buffer.compare(stale.clip.rgb, fresh[0]!.rgb)).toBe(0);
  expect(stale.lines).toHaveLength(1);
  const verified = await runVerb(
    prepare,
    records,
    prepared,
    `mediaRoot=${mediaRoot}`,
    `shardBytes=${shardBytes}`,
    "verify=true",
  );
  expect(verified).toMatchObject({
    code: 1,
    result: { preparedNow: 0, verified: { faults: { PREPARED_STALE: 2 }, sound: 11 } },
  });
  const args = [records, prepared, `mediaRoot=${mediaRoot}`, `shardBytes=${shardBytes}`];
  expect((await runVerb(prepare, ...args)).errors).toContain("frames of media that have changed since, as b.mp4");
  writeFileSync(changed, bytes);
  expect((await runVerb(prepare, ...args)).code).toBe(0);

  const copy = join(folder, "damaged");
  cpSync(prepared, copy, { recursive: true });
  const shard = join(copy, "frames-00000.safetensors");
  const content = readFileSync(shard);
  content[content.length - 1]! ^= 1;
  content[10_000]! ^= 1;
  writeFileSync(shard, content);
  await expect(refusal(first!, { prepared: copy })).rejects.toMatchObject({ code: "PREPARED_BROKEN" });
  writeFileSync(shard, content.subarray(0, 10_000));
  expect((await runVerb(prepare, records, copy, ...args.slice(2))).errors).toContain("lacks frames in frames-00000");
  const made = await runVerb(prepare, records, copy, ...args.slice(2), "overwrite=true");
  expect(made).toMatchObject({ code: 0, result: { preparedNow: expect.any(Number) } });
  expect(readFileSync(shard)).toEqual(readFileSync(join(prepared, "frames-00000.safetensors")));
  const unfinished = join(folder, "unfinished");
  cpSync(prepared, unfinished, { recursive: true });
  rmSync(join(unfinished, "prepared.json"));
  await expect(checkPrepared({ prepared: unfinished })).rejects.toThrow("not whole");
  await expect(checkPrepared({ prepared })).resolves.toBeUndefined();
  await expect(refusal(first!, { prepared: unfinished, unprepared: "decode" })).rejects.toMatchObject({
    code: "PREPARED_FOLDER",
  });
});

test("a model of other patches refuses them", async () => {
  const [clip] = await loadClips(all()[0]!, options({ prepared }));
  const other = { ...config, video: { ...config.video, patchSize: 16 } };
  expect(() => checkClipSize(clip!, config)).not.toThrow();
  expect(() => checkClipSize(clip!, other)).toThrow("Prepare the frames for this model");
  expect(() => resizeClip(clip!, other.video)).toThrow("Prepare the frames for this model");
});

test("a folder of other things, or of other settings, is refused", async () => {
  const other = join(folder, "other");
  mkdirSync(other);
  writeFileSync(join(other, "thesis.txt"), "years of work");
  const refused = async (output: string, ...more: string[]) =>
    (await runVerb(prepare, records, output, `mediaRoot=${mediaRoot}`, ...more)).errors;
  expect(await refused(other, "overwrite=true")).toContain("holds thesis.txt");
  expect(await refused(prepared, "media.nframes=6")).toContain("frames of other records or settings");
  expect(readdirSync(other)).toEqual(["thesis.txt"]);
});

test("killed three times, it ends with the bytes of one that was not, whatever the concurrency", async () => {
  const killed = join(folder, "killed");
  const args = [records, killed, `mediaRoot=${mediaRoot}`, `shardBytes=${shardBytes}`, "concurrency=1"];
  for (const bytes of [1200, 3000, 4500])
    expect(await killOnceWritten(["prepare", ...args], `${killed}.journal`, bytes), `at ${bytes} bytes`).toBe(true);
  expect(existsSync(join(killed, "prepared.json"))).toBe(false);
  const { code, result } = await runVerb(prepare, ...args);
  expect(code).toBe(0);
  expect(result!.preparedNow).toBeLessThan(14);
  const names = readdirSync(prepared).sort();
  expect(readdirSync(killed).sort()).toEqual(names);
  const whole = join(folder, "whole");
  await runVerb(prepare, records, whole, `mediaRoot=${mediaRoot}`, `shardBytes=${shardBytes}`, "concurrency=3");
  for (const name of names)
    expect(readFileSync(join(killed, name)).equals(readFileSync(join(whole, name))), name).toBe(true);
  expect(existsSync(`${killed}.journal`)).toBe(false);
});
