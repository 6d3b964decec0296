import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomStream } from "@videor1/random";
import { UnpackConfig, unpackAll } from "../src/unpack/command.ts";
import { makeTgz, makeZip, someFiles, treeOf } from "./archives.ts";
import { withKills } from "./kills.ts";

/** Unpacks a zip and a tar.gz undisturbed, and by a command that is killed at random moments. */
export async function unpackUnderKills({ seed, kills, files: count }: { seed: number; kills: number; files: number }) {
  const folder = mkdtempSync(join(tmpdir(), "unpack-kill-"));
  const [whole, output] = [join(folder, "whole"), join(folder, "killed")];
  try {
    const files = someFiles(count, seed, 20_000);
    writeFileSync(join(folder, "a.zip"), makeZip(files.slice(0, count / 2)));
    writeFileSync(join(folder, "b.tgz"), await makeTgz(files.slice(count / 2)));
    const config = UnpackConfig.parse({ archives: folder, ownFolder: true, output: whole });
    await unpackAll(config, { signal: new AbortController().signal, print: () => {} });
    const archives = [join(folder, "a.zip"), join(folder, "b.tgz")];
    const args = ["unpack", ...archives, "ownFolder=true", `output=${output}`, "--json"];
    const { killed, last } = await withKills({
      args,
      output,
      kills,
      files: count,
      random: randomStream(seed, "kills"),
    });
    const { kept, files: written } = JSON.parse(last.stdout) as { kept: number; files: number };
    if (kept + written !== count) throw new Error(`${kept} files kept and ${written} written, of ${count}`);
    return { killed, kept, tree: treeOf(output), undisturbed: treeOf(whole) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
