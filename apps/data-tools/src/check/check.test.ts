import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mediaFolder, mixedRecords, writeVideo } from "../../test/media-folder.ts";
import { killOnceWritten, runVerb } from "../../test/run-verb.ts";
import { command as check } from "./command.ts";
import type { LedgerLine } from "./ledger.ts";

let folder: string;
let mediaRoot: string;
let records: string;
beforeAll(async () => {
  ({ folder, mediaRoot } = await mediaFolder());
  records = join(folder, "records.json");
  writeFileSync(records, JSON.stringify(mixedRecords));
});
afterAll(() => rmSync(folder, { recursive: true }));

const linesOf = (path: string) =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as LedgerLine);

test("every record has a line, with frames or with the reason, and the counts agree", async () => {
  const { code, result } = await runVerb(check, records, `mediaRoot=${mediaRoot}`);
  expect(code).toBe(1);
  const failed = { DECODE_FAILED: 1, MEDIA_NOT_FOUND: 2, MEDIA_OUTSIDE_ROOT: 2, RECORD_INVALID: 1 };
  expect(result).toMatchObject({ read: 14, fine: 8, failed, asked: 15, decoded: 13, decodedNow: 13 });
  const ledger = join(folder, "records.check.jsonl");
  const [head, ...lines] = linesOf(ledger);
  expect(head).toMatchObject({ ledger: "videor1-data check", records: 14, seed: 42 });
  expect(lines.map(({ index }) => index)).toEqual(mixedRecords.map((_, i) => i));
  expect(lines.map(({ failed }) => failed?.code ?? "fine")).toEqual([
    "fine",
    "fine",
    "fine",
    "fine",
    "DECODE_FAILED",
    "MEDIA_NOT_FOUND",
    "MEDIA_OUTSIDE_ROOT",
    "MEDIA_OUTSIDE_ROOT",
    "RECORD_INVALID",
    "fine",
    "fine",
    "fine",
    "MEDIA_NOT_FOUND",
    "fine",
  ]);
  expect(lines[0]!.media![0]).toMatchObject({
    path: "./a.mp4",
    frames: 4,
    indices: [0, 5, 10, 15],
    timestamps: [0, 0.625, 1.25, 1.875],
    height: 56,
    width: 56,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(lines[2]!.media![0]!.frames).toBe(8);
  expect(lines[11]!.media![0]!.indices).toEqual([8, 10, 13, 15]);
  expect(readFileSync(ledger, "utf8")).not.toContain(mediaRoot);
  expect(existsSync(`${ledger}.journal`)).toBe(false);
  expect(linesOf(`${ledger}.seconds.jsonl`)).toHaveLength(14);
});

test("a training config says how media are read", async () => {
  const config = join(folder, "rl.yaml");
  writeFileSync(
    config,
    `seed: 7\nmodel: m\ndata: { records: ${records}, media: { mediaRoot: ${mediaRoot}, nframes: [2, 6] } }\n`,
  );
  const output = join(folder, "by-config.jsonl");
  await runVerb(check, `config=${config}`, `output=${output}`, "media.decoder.threads=2");
  const [head, first] = linesOf(output);
  expect(head).toMatchObject({ seed: 7, media: { nframes: [2, 6], decoder: { threads: 2, rotate: true } } });
  expect([2, 6]).toContain(first!.media![0]!.frames);
  expect((await runVerb(check, records)).errors).toContain("mediaRoot is missing");
});

test("an earlier ledger tells which records now see other pixels", async () => {
  const [before, after] = [join(folder, "before.jsonl"), join(folder, "after.jsonl")];
  await runVerb(check, records, `mediaRoot=${mediaRoot}`, `output=${before}`);
  const video = join(mediaRoot, "b.mp4");
  copyFileSync(video, join(folder, "b.mp4"));
  await writeVideo(video, 16, 9);
  const again = () => runVerb(check, records, `mediaRoot=${mediaRoot}`, `output=${after}`, `expect=${before}`);
  const { code, result } = await again();
  expect(code).toBe(1);
  expect(result!.differing).toEqual({
    counts: { "other pixels": 1 },
    first: [{ index: 2, problemId: 3, difference: "other pixels" }],
  });
  copyFileSync(join(folder, "b.mp4"), video);
  expect((await again()).result!.differing).toEqual({ counts: {}, first: [] });
  expect(readFileSync(after)).toEqual(readFileSync(before));
  const others = await runVerb(
    check,
    records,
    `mediaRoot=${mediaRoot}`,
    `output=${after}`,
    `expect=${before}`,
    "media.fps=1",
    "overwrite=true",
  );
  expect(others.errors).toContain("was made with other settings of media");
});

test("an output of something else is refused", async () => {
  const output = join(folder, "precious.jsonl");
  writeFileSync(output, '{"my":"data"}\n');
  const { code, errors } = await runVerb(check, records, `mediaRoot=${mediaRoot}`, `output=${output}`);
  expect(code).toBe(1);
  expect(errors).toContain("overwrite=true");
  expect(readFileSync(output, "utf8")).toBe('{"my":"data"}\n');
});

test("killed three times, it ends with the bytes of one that was not, whatever the concurrency", async () => {
  const [whole, killed] = [join(folder, "whole.jsonl"), join(folder, "killed.jsonl")];
  const args = (output: string) => ["check", records, `mediaRoot=${mediaRoot}`, `output=${output}`, "concurrency=1"];
  await runVerb(check, records, `mediaRoot=${mediaRoot}`, `output=${whole}`, "concurrency=3");
  for (const bytes of [900, 2000, 3500])
    expect(await killOnceWritten(args(killed), `${killed}.journal`, bytes), `at ${bytes} bytes`).toBe(true);
  expect(existsSync(killed)).toBe(false);
  const { code, result } = await runVerb(check, ...args(killed).slice(1));
  expect(code).toBe(1);
  expect(result!.decodedNow).toBeLessThan(13);
  expect(readFileSync(killed)).toEqual(readFileSync(whole));
});
