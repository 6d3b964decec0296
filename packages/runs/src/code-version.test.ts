import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { codeVersion } from "./code-version.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "code-"));
  const write = (folder: string, content: object) => {
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, "package.json"), JSON.stringify(content));
  };
  write("app", { name: "@own/app", version: "0.1.0", dependencies: { "@own/train": "*", zod: "*", absent: "*" } });
  write("node_modules/@own/train", {
    name: "@own/train",
    version: "0.2.0",
    dependencies: { "@own/app": "*" },
    peerDependencies: { tfjs: "*" },
  });
  write("node_modules/tfjs", { name: "tfjs", version: "4.22.0", dependencies: { zod: "*", deep: "*" } });
  write("node_modules/zod", { name: "zod", version: "4.1.0" });
  write("node_modules/deep", { name: "deep", version: "1.0.0" });
});
afterEach(() => rmSync(root, { recursive: true }));

const version = () => codeVersion(pathToFileURL(join(root, "app", "src", "train.ts")).href);
const git = (...command: string[]) => execFileSync("git", ["-C", root, ...command], { encoding: "utf8" }).trim();

test("installed versions: of the app, its dependencies, and theirs within its scope", () => {
  mkdirSync(join(root, "app", "src"));
  expect(version().packages).toEqual({ "@own/app": "0.1.0", "@own/train": "0.2.0", tfjs: "4.22.0", zod: "4.1.0" });
});

test("the commit, and whether files differ from it", () => {
  mkdirSync(join(root, "app", "src"));
  expect(dirname(root)).toBe(tmpdir()); // in no repository of ours
  expect(version()).toMatchObject({ commit: null, dirty: null });
  git("init", "-q");
  git("add", ".");
  git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "first");
  expect(version()).toMatchObject({ commit: git("rev-parse", "HEAD"), dirty: false });
  writeFileSync(join(root, "app", "src", "new.ts"), "");
  expect(version()).toMatchObject({ dirty: true });
});
