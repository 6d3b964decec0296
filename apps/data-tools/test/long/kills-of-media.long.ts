/** Killed at random moments, check and prepare end with the bytes of a run that was not: `npm run check:long -- tests`. */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomStream } from "@videor1/random";
import { afterAll, beforeAll, expect, test } from "vitest";
import { command as check } from "../../src/check/command.ts";
import { command as prepare } from "../../src/prepare/command.ts";
import { mediaFolder, mixedRecords, videoRecord, writeVideo } from "../media-folder.ts";
import { killAfter, runVerb } from "../run-verb.ts";

let folder: string;
let mediaRoot: string;
let records: string;
beforeAll(async () => {
  ({ folder, mediaRoot } = await mediaFolder());
  records = join(folder, "records.jsonl");
  const clips = Array.from({ length: 60 }, (_, i) => i);
  for (const i of clips) await writeVideo(join(mediaRoot, `clip-${i}.mp4`), 40, 4 * i);
  const all = [...mixedRecords, ...clips.map((i) => videoRecord(100 + i, `clip-${i}.mp4`, { nframes: 16 }))];
  writeFileSync(records, all.map((record) => JSON.stringify(record)).join("\n"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const filesOf = (path: string): Record<string, string> => {
  const names = statSync(path).isDirectory() ? readdirSync(path) : [""];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(path, name)).toString("base64")]));
};

test.each([
  ["check", check, "ledger.jsonl", []],
  ["prepare", prepare, "frames", ["shardBytes=20000000"]],
] as const)("%s", async (name, verb, output, more) => {
  const seed = Date.now() % 1e6;
  const draws = randomStream(seed, name);
  const args = (path: string) => [records, `output=${join(folder, path)}`, `mediaRoot=${mediaRoot}`, ...more];
  await runVerb(verb, ...args(`whole-${output}`));
  let kills = 0;
  for (let i = 0; i < 15; i += 1)
    if (await killAfter([name, ...args(output), `concurrency=${1 + draws.int(4)}`], 900 + draws.int(2500))) kills += 1;
  await runVerb(verb, ...args(output));
  console.log(`${name}: ${kills} kills, seed ${seed}`);
  expect(filesOf(join(folder, output))).toEqual(filesOf(join(folder, `whole-${output}`)));
});
