import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeTgz, makeZip, treeOf } from "../../test/archives.ts";
import { newFolder, put, run } from "../../test/unpack-case.ts";
import { guardFolder } from "../files/guarded-folder.ts";
import { findArchives } from "./find-archives.ts";
import { createLimits } from "./limits.ts";
import { emptyTally } from "./tally.ts";
import { unpackArchive } from "./unpack-archive.ts";

describe("limits", () => {
  const zeros = [{ name: "zeros", content: Buffer.alloc(20_000_000) }];

  test.each(["a.zip", "a.tgz"])(
    "a small archive that becomes large is refused before it is written: %s",
    async (name) => {
      const folder = newFolder();
      const archive = put(folder, name, await (name === "a.zip" ? makeZip : makeTgz)(zeros));
      const result = await run(archive);
      expect(result.archives[0]).toMatchObject({ files: 0, error: { code: "UNPACK_BOMB" } });
      expect(existsSync(join(folder, "zeros"))).toBe(false);
      expect(await run(archive, { maxRatio: 2000 })).toMatchObject({ complete: 1, files: 1 });
    },
  );

  test("maxBytes ends the run, and a higher one goes on from there", async () => {
    const folder = newFolder();
    const archive = put(folder, "a.zip", makeZip(["a", "b", "c"].map((name) => ({ name, content: name.repeat(10) }))));
    await expect(run(archive, { maxBytes: 25 })).rejects.toThrow("more than maxBytes=25 would be written");
    expect(await run(archive, { maxBytes: 25 })).toMatchObject({ complete: 1, files: 1, kept: 2 });
  });
});

test.skipIf(!existsSync("/dev/full"))("a full disk ends the run, and leaves no part of a file", async () => {
  const folder = newFolder();
  const [archive] = findArchives([put(folder, "a.zip", makeZip([{ name: "a", content: "abc" }]))]);
  const temporary = join(folder, "temporary");
  symlinkSync("/dev/full", temporary);
  const target = guardFolder(join(folder, "out"));
  const limits = createLimits({ maxRatio: 100, maxBytes: null }).ofArchive(target.root, 1000);
  const { signal } = new AbortController();
  const options = { target, temporary, strip: 0, overwrite: false, limits, signal, onPosition: () => {} };
  await expect(unpackArchive(archive!, options, emptyTally())).rejects.toMatchObject({ code: "ENOSPC" });
  expect(treeOf(join(folder, "out"))).toEqual([]);
});

test("names that a file system takes for one are told apart", async () => {
  const folder = newFolder();
  const names = ["Clip.mp4", "clip.mp4", "\u00e9", "e\u0301"];
  const [archive] = findArchives([put(folder, "a.zip", makeZip(names.map((name) => ({ name, content: name }))))]);
  const real = guardFolder(join(folder, "out"));
  const target = { ...real, form: (path: string) => path.normalize("NFD").toLowerCase() };
  const limits = createLimits({ maxRatio: 100, maxBytes: null }).ofArchive(target.root, 1000);
  const { signal } = new AbortController();
  const options = {
    target,
    temporary: join(folder, "t"),
    strip: 0,
    overwrite: false,
    limits,
    signal,
    onPosition: () => {},
  };
  const tally = emptyTally();
  await unpackArchive(archive!, options, tally);
  expect(tally.refusals.map(({ entry, code }) => [entry, code])).toEqual([
    ["clip.mp4", "ENTRY_SAME_NAME"],
    ["e\u0301", "ENTRY_SAME_NAME"],
  ]);
});
