import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as zlib from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { type MadeEntry, makeTar, makeTgz, makeZip, someFiles, treeOf } from "../../test/archives.ts";
import { newFolder, put, run } from "../../test/unpack-case.ts";
import { UnpackConfig as schema, unpackAll } from "./command.ts";

const split = (bytes: Buffer, parts: number): Buffer[] =>
  Array.from({ length: parts }, (_, i) =>
    bytes.subarray(Math.floor((i * bytes.length) / parts), Math.floor(((i + 1) * bytes.length) / parts)),
  );

describe("one tree from every kind of archive", () => {
  const files = [
    ...someFiles(60),
    { name: "empty/" },
    { name: "large.bin", content: Buffer.alloc(3_000_000, "abcdefg") },
  ];
  let expected: string[];
  beforeAll(async () => {
    const folder = newFolder();
    await run(put(folder, "a.zip", makeZip(files)), { output: join(folder, "out") });
    expected = treeOf(join(folder, "out"));
  });

  test("a zip has all files, with their modes and times", () => {
    expect(expected).toHaveLength(60 + 7 + 2);
    expect(expected.filter((line) => / 755 1714979290000 /.test(line))).toHaveLength(12);
    expect(expected.filter((line) => / 644 1714979290000 /.test(line))).toHaveLength(49);
  });

  test.each<[string, () => Promise<[string, Buffer][]>]>([
    ["stored", async () => [["a.zip", makeZip(files, { storeBelow: 1e9 })]]],
    ["zip64", async () => [["a.zip", makeZip(files, { zip64: true })]]],
    ["tar", async () => [["a.tar", await makeTar(files)]]],
    ["tar.gz", async () => [["a.tar.gz", await makeTgz(files)]]],
    ["tgz", async () => [["A.TGZ", await makeTgz(files)]]],
    ["zip.001", async () => split(makeZip(files), 11).map((part, i) => [`a.zip.${`${i + 1}`.padStart(3, "0")}`, part])],
    [
      "tar.gz.part-aa",
      async () => split(await makeTgz(files), 30).map((part, i) => [`a.tar.gz.part-${letters(i)}`, part]),
    ],
    ["tar.00", async () => split(await makeTar(files), 3).map((part, i) => [`a.tar.0${i}`, part])],
  ])("%s", async (_, make) => {
    const folder = newFolder();
    const made = await make();
    for (const [name, bytes] of made) put(folder, name, bytes);
    const output = join(folder, "out");
    const first = await run(join(folder, made[0]![0]), { output });
    expect(first).toMatchObject({ complete: 1, failed: 0, files: 61, kept: 0 });
    expect(treeOf(output)).toEqual(expected);
    const again = await run(folder, { output });
    expect(again).toMatchObject({ complete: 1, files: 0, kept: 61 });
    rmSync(join(output, ".videor1-unpack"), { recursive: true });
    rmSync(join(output, "large.bin"));
    const compared = await run(folder, { output });
    expect(compared).toMatchObject({ complete: 1, files: 1, kept: 60 });
    expect(treeOf(output)).toEqual(expected);
  });
});

const letters = (i: number): string => String.fromCharCode(97 + Math.floor(i / 26), 97 + (i % 26));

test("hard links are made of files of the archive", async () => {
  const folder = newFolder();
  const entries: MadeEntry[] = [
    { name: "a/one", content: "same" },
    { name: "a/two", header: { type: "link", linkname: "a/one" } },
  ];
  const tar = put(folder, "a.tgz", await makeTgz(entries));
  expect(await run(tar)).toMatchObject({ complete: 1, files: 1, links: 1 });
  expect(readFileSync(join(folder, "a/two"), "utf8")).toBe("same");
  expect(await run(tar)).toMatchObject({ complete: 1, files: 0, kept: 1, links: 1 });
});

describe("files that are there", () => {
  test.each(["a.zip", "a.tar.gz"])(
    "the same is kept, another is refused, or replaced with overwrite: %s",
    async (name) => {
      const folder = newFolder();
      const entries = ["same", "other", "longer", "absent"].map((name) => ({ name, content: `${name}!` }));
      const make = name.endsWith("zip") ? makeZip : makeTgz;
      const archive = put(folder, name, await make(entries));
      put(folder, "same", "same!");
      put(folder, "other", "OTHER!");
      put(folder, "longer", "much longer");
      const first = await run(archive);
      expect(first.archives[0]).toMatchObject({ files: 1, kept: 1, refused: 2 });
      expect(first.archives[0]!.refusals.map(({ code, entry }) => [code, entry])).toEqual([
        ["ENTRY_DIFFERS", "other"],
        ["ENTRY_DIFFERS", "longer"],
      ]);
      expect(readFileSync(join(folder, "other"), "utf8")).toBe("OTHER!");
      expect(await run(archive, { overwrite: true })).toMatchObject({ complete: 1, files: 2, kept: 2 });
      expect(readFileSync(join(folder, "other"), "utf8")).toBe("other!");
    },
  );

  test("a file that was changed after it was unpacked is seen", async () => {
    const folder = newFolder();
    const archive = put(folder, "a.zip", makeZip([{ name: "a", content: "abc" }]));
    await run(archive);
    put(folder, "a", "xyz");
    expect(await run(archive)).toMatchObject({ failed: 1, refused: 1 });
  });
});

test("an archive that is broken stops no other, and every one ends with a name", async () => {
  const folder = newFolder();
  const files = someFiles(20, 7);
  const zip = makeZip(files, { storeBelow: 1e9 });
  const changed = Buffer.from(zip);
  changed[changed.indexOf("clip-") + 200]! ^= 1;
  put(folder, "a.zip", changed);
  put(folder, "b.zip", zip.subarray(0, 3000));
  put(folder, "c.tar.gz", (await makeTgz(files)).subarray(0, 2000));
  put(folder, "d.tar", (await makeTar(files)).subarray(0, 4096));
  put(folder, "e.tar", (await makeTar(files)).subarray(0, -1024));
  put(folder, "f.zip", "no archive");
  put(folder, "g.zip", "");
  put(folder, "h.tar", "");
  put(folder, "i.zip.001", zip.subarray(0, 100));
  put(folder, "i.zip.003", zip.subarray(200));
  put(folder, "j.zip", zip);
  put(folder, "j.z01", "");
  put(folder, "k.tar.zst", Buffer.from("28b52ffd", "hex"));
  put(folder, "l.zip", zip);
  const result = await run(folder, { output: join(folder, "out"), ownFolder: true });
  const zstd = "zstdCompressSync" in (await import("node:zlib")) ? "UNPACK_BROKEN" : "UNPACK_ZSTD";
  expect(result.archives.map(({ error, refusals }) => error?.code ?? refusals.map(({ code }) => code).join())).toEqual([
    "ENTRY_BROKEN",
    ...Array(3).fill("UNPACK_BROKEN"),
    "UNPACK_CUT",
    ...Array(2).fill("UNPACK_BROKEN"),
    "UNPACK_CUT",
    "UNPACK_PARTS",
    "UNPACK_MULTI_DISK",
    zstd,
    "",
  ]);
  expect(result.archives.map(({ error }) => error?.message).join("\n")).toContain("i.zip: without part 002");
  expect(result.archives.find(({ error }) => error?.code === "UNPACK_MULTI_DISK")!.error!.hint).toContain(
    "zip -s 0 j.zip",
  );
  expect(result).toMatchObject({ complete: 1, failed: 11 });
});

const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Buffer) => Buffer };

test.skipIf(zstdCompressSync === undefined)("tar.zst, with a Node.js that has zstd", async () => {
  const folder = newFolder();
  const files = someFiles(30, 9);
  const [tar, zst] = [await makeTar(files), zstdCompressSync!(await makeTar(files))];
  expect(await run(put(folder, "a.tar.zst", zst), { ownFolder: true })).toMatchObject({ complete: 1, files: 30 });
  await run(put(folder, "b.tar", tar), { ownFolder: true });
  expect(treeOf(join(folder, "a"))).toEqual(treeOf(join(folder, "b")));
  const cut = await run(put(folder, "c.tar.zst", zst.subarray(0, zst.length / 2)));
  expect(cut.archives[0]!.error).toMatchObject({ code: expect.stringMatching(/UNPACK_(BROKEN|CUT)/) });
});

test("two entries of one name, and a file that is also a folder", async () => {
  const folder = newFolder();
  const names = ["a", "b", "a", "b/c", "d/e", "d"];
  const archive = put(folder, "a.tar", await makeTar(names.map((name, i) => ({ name, content: `${i}` }))));
  const result = await run(archive);
  expect(result.archives[0]!.refusals.map(({ entry, code }) => [entry, code])).toEqual([
    ["a", "ENTRY_TWICE"],
    ["b/c", "PATH_TAKEN"],
    ["d", "ENTRY_TAKEN"],
  ]);
  expect(readFileSync(join(folder, "a"), "utf8")).toBe("0");
});

test("what cannot be read of a zip is named: encrypted entries, other methods", async () => {
  const folder = newFolder();
  const zip = makeZip([
    { name: "a", content: "abc" },
    { name: "b", content: "abc" },
    { name: "c", content: "abc" },
  ]);
  const mark = Buffer.from([0x50, 0x4b, 1, 2]);
  const second = zip.indexOf(mark, zip.indexOf(mark) + 4);
  const third = zip.indexOf(mark, second + 4);
  zip[second + 10] = 93; // compression method: zstd
  zip[third + 8]! |= 1; // encrypted
  const result = await run(put(folder, "a.zip", zip));
  expect(result.archives[0]!.refusals.map(({ reason }) => reason)).toEqual([
    "it is compressed by method 93; stored (0) and deflated (8) entries can be read",
    "it is encrypted",
  ]);
});

test("strip leaves out leading folders", async () => {
  const folder = newFolder();
  const entries = [{ name: "top/" }, { name: "top/a/b", content: "b" }, { name: "c", content: "c" }];
  const result = await run(put(folder, "x.tar", await makeTar(entries)), { strip: 1, output: join(folder, "out") });
  expect(result.archives[0]).toMatchObject({ files: 1, folders: 1, stripped: 1 });
  expect(treeOf(join(folder, "out")).map((line) => line.split(" ")[0])).toEqual(["a/", "a/b"]);
});

test("an abort between any two entries leaves what a second run goes on from", async () => {
  const files = someFiles(12, 3);
  const whole = newFolder();
  await run(put(whole, "a.tgz", await makeTgz(files)), { output: join(whole, "out") });
  const folder = newFolder();
  const archive = put(folder, "a.tgz", await makeTgz(files));
  for (let turns = 1; turns < 40; turns += 3) {
    let left = turns;
    const signal = { throwIfAborted: () => { left -= 1; if (left < 0) throw new DOMException("stop", "AbortError"); } } as AbortSignal; // biome-ignore format: one line
    const config = schema.parse({ archives: archive, output: join(folder, "out") });
    await unpackAll(config, { signal, print: () => {} }).catch((error: Error) => expect(error.name).toBe("AbortError"));
  }
  expect(await run(archive, { output: join(folder, "out") })).toMatchObject({ complete: 1 });
  expect(treeOf(join(folder, "out"))).toEqual(treeOf(join(whole, "out")));
});
