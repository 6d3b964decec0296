import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type MadeEntry, makeTar, makeZip, treeOf } from "../../test/archives.ts";
import { newFolder, put, run } from "../../test/unpack-case.ts";

describe("nothing is written outside of the output", () => {
  const hostile: [string, MadeEntry, string][] = [
    ["above", { name: "../evil", content: "x" }, "PATH_UNSAFE"],
    ["above, inside the name", { name: "a/../../evil", content: "x" }, "PATH_UNSAFE"],
    ["absolute", { name: join(tmpdir(), "evil-of-videor1"), content: "x" }, "PATH_UNSAFE"],
    ["a drive", { name: "C:/evil", content: "x" }, "PATH_UNSAFE"],
    ["backslashes", { name: "..\\evil", content: "x" }, "PATH_UNSAFE"],
    ["our own folder", { name: ".videor1-unpack/evil", content: "x" }, "ENTRY_TAKEN"],
    ["a folder above", { name: "../evil/" }, "PATH_UNSAFE"],
    ["a link to above", { name: "evil", header: { type: "symlink", linkname: "../up" } }, "ENTRY_LINK"],
    ["an absolute link", { name: "evil", header: { type: "symlink", linkname: "/etc" } }, "ENTRY_LINK"],
    ["a link by way of another", { name: "evil", header: { type: "symlink", linkname: "good/.." } }, "ENTRY_LINK"],
    ["a hard link to above", { name: "evil", header: { type: "link", linkname: "../secret" } }, "PATH_UNSAFE"],
    ["a hard link to nothing", { name: "evil", header: { type: "link", linkname: "absent" } }, "ENTRY_LINK"],
    ["a device", { name: "evil", header: { type: "character-device", devmajor: 1, devminor: 3 } }, "ENTRY_KIND"],
    ["a pipe", { name: "evil", header: { type: "fifo" } }, "ENTRY_KIND"],
  ];

  test.each(hostile)("%s, in a tar", async (_, entry, code) => {
    const folder = newFolder();
    put(folder, "secret", "mine");
    const tar = put(folder, "in/a.tar", await makeTar([entry, { name: "good/file", content: "good" }]));
    const output = join(folder, "out");
    const result = await run(tar, { output });
    expect(result.archives[0]!.refusals).toMatchObject([{ entry: entry.name, code }]);
    expect(treeOf(output).map((line) => line.split(" ")[0])).toEqual(["good/", "good/file"]);
    expect(readdirSync(folder).sort()).toEqual(["in", "out", "secret"]);
  });

  test.each(hostile.filter(([, { header }]) => header === undefined))("%s, in a zip", async (_, entry, code) => {
    const folder = newFolder();
    const zip = makeZip([entry, { name: "good/file", content: "good" }]);
    const output = join(folder, "out");
    const result = await run(put(folder, "in/a.zip", zip), { output });
    expect(result.archives[0]!.refusals).toMatchObject([{ entry: entry.name, code }]);
    expect(treeOf(output).map((line) => line.split(" ")[0])).toEqual(["good/", "good/file"]);
    expect(readdirSync(folder).sort()).toEqual(["in", "out"]);
  });

  test("a symbolic link of a zip that leads outside is refused, one that stays is made", async () => {
    const folder = newFolder();
    const zip = makeZip([
      { name: "a/evil", content: "../../up", mode: 0o120777 },
      { name: "a/good", content: "../b/file", mode: 0o120777 },
      { name: "b/file", content: "good" },
    ]);
    const result = await run(put(folder, "a.zip", zip));
    expect(result.archives[0]).toMatchObject({
      files: 1,
      links: 1,
      refusals: [{ entry: "a/evil", code: "ENTRY_LINK" }],
    });
    expect(readFileSync(join(folder, "a/good"), "utf8")).toBe("good");
  });

  test("a file below a link of the same archive is not written through it", async () => {
    const folder = newFolder();
    const entries: MadeEntry[] = [
      { name: "b/", header: {} },
      { name: "a", header: { type: "symlink", linkname: "b" } },
      { name: "a/file", content: "x" },
    ];
    const result = await run(put(folder, "a.tar", await makeTar(entries)));
    expect(result.archives[0]!.refusals).toMatchObject([{ entry: "a", code: "ENTRY_TAKEN" }]);
    expect(readdirSync(join(folder, "b"))).toEqual([]);
    expect(readFileSync(join(folder, "a/file"), "utf8")).toBe("x");
  });

  test("a link that was in the output before is not followed", async () => {
    const folder = newFolder();
    const tar = put(
      folder,
      "a.tar",
      await makeTar([
        { name: "a/file", content: "x" },
        { name: "b", content: "x" },
      ]),
    );
    mkdirSync(join(folder, "elsewhere"));
    mkdirSync(join(folder, "out"));
    symlinkSync(join(folder, "elsewhere"), join(folder, "out/a"));
    symlinkSync(join(folder, "elsewhere/new"), join(folder, "out/b"));
    const result = await run(tar, { output: join(folder, "out"), overwrite: true });
    expect(result.archives[0]!.refusals.map(({ code }) => code)).toEqual(["PATH_LINK", "ENTRY_TAKEN"]);
    expect(readdirSync(join(folder, "elsewhere"))).toEqual([]);
  });
});
