import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { randomStream } from "@videor1/random";
import { UnpackConfig, unpackAll } from "../src/unpack/command.ts";
import { type MadeEntry, makeTar, makeTgz, makeZip, someFiles } from "./archives.ts";
import { mendSums, mutate } from "./mutations.ts";

/** How many mutated archives ended in which way, such as "complete" or "UNPACK_BROKEN". */
export type FuzzEnds = Record<string, number>;

/**
 * Unpacks `count` mutated archives (zip, zip64, tar, tgz, tgz with a mutated tar in it) into a folder each, and watches the folder above.
 *
 * @throws {Error} If one ends in no files and no clear error, or touches what is outside of its folder.
 */
export async function fuzzArchives(count: number, seed: number): Promise<FuzzEnds> {
  const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
  const links: MadeEntry[] = [
    { name: "up/", content: "" },
    { name: "up/link", header: { type: "symlink", linkname: "../folder 1" } },
    { name: "up/hard", header: { type: "link", linkname: "kept.txt" } },
    { name: "a/".repeat(5).concat("long.txt"), content: "long" },
  ];
  const files = [{ name: "kept.txt", content: "kept" }, ...someFiles(4, 1, 900)];
  const inZip = [...files, { name: "up/link", content: "../folder 1", mode: 0o120777 }];
  const [zip, zip64] = [makeZip(inZip), makeZip(inZip, { zip64: true })];
  const [tar, tgz] = [await makeTar([...files, ...links]), await makeTgz([...files, ...links])];
  const ends: FuzzEnds = {};
  try {
    for (let i = 0; i < count; i += 1) {
      const random = randomStream(seed, "fuzz", i);
      const [name, bytes] = random.choice<() => [string, Buffer]>([
        () => ["x.zip", mutate(zip, random)],
        () => ["x.zip", mutate(zip64, random)],
        () => ["x.tar", mendSums(mutate(tar, random))],
        () => ["x.tgz", mutate(tgz, random)],
        () => ["x.tar.gz", gzipSync(mendSums(mutate(tar, random)), { level: 1 })],
      ])();
      const own = join(folder, `case ${i}`);
      mkdirSync(join(own, "above/out"), { recursive: true });
      writeFileSync(join(own, "above", name), bytes);
      writeFileSync(join(own, "kept.txt"), "not theirs");
      const before = outside(own);
      const end = await endOf(join(own, "above", name), join(own, "above/out")).catch((error: Error) => {
        throw new Error(`seed ${seed}, case ${i}, ${name}: ${error.stack}`);
      });
      if (outside(own) !== before) throw new Error(`seed ${seed}, case ${i}, ${name}: wrote outside of its folder`);
      ends[end] = (ends[end] ?? 0) + 1;
      rmSync(own, { recursive: true });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return ends;
}

interface Result {
  archives: { entries: number; refused: number; error?: { code: string; message: string; hint?: string } }[];
}

async function endOf(archive: string, output: string): Promise<string> {
  const config = UnpackConfig.parse({ archives: archive, output });
  const { result } = await unpackAll(config, { signal: new AbortController().signal, print: () => {} });
  const { error, refused, entries } = (result as Result).archives[0]!;
  if (error !== undefined) {
    if (error.hint === undefined || error.message.includes("    at "))
      throw new Error(`an error without a hint: ${error.message}`);
    return error.code;
  }
  return refused > 0 ? "incomplete" : entries > 0 ? "complete" : "empty";
}

/** All that is there besides the output, with its state. */
function outside(folder: string): string {
  const hash = createHash("sha256");
  for (const name of (readdirSync(folder, { recursive: true }) as string[]).sort()) {
    if (/^above\/out(\/|$)/.test(name)) continue;
    const { mode, size, mtimeMs, nlink } = lstatSync(join(folder, name));
    const isFile = nlink === 1; // a folder's time and links change with what is in it
    hash.update(JSON.stringify([name, mode, isFile ? [size, mtimeMs] : 0]));
  }
  return hash.digest("hex");
}
