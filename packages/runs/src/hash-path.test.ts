import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hashPath, isModelFile } from "./hash-path.ts";

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "hash-"));
});
afterEach(() => rmSync(base, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(base, name), text);
const folder = () => {
  const path = mkdtempSync(join(base, "folder-"));
  mkdirSync(join(path, "sub"));
  writeFileSync(join(path, "config.json"), "{}");
  writeFileSync(join(path, "sub", "weights"), "1234");
  return path;
};

test("a file's hash is that of its content", async () => {
  write("a", "same");
  write("b", "same");
  write("c", "other");
  expect(await hashPath(join(base, "a"))).toMatch(/^[0-9a-f]{64}$/);
  expect(await hashPath(join(base, "a"))).toBe(await hashPath(join(base, "b")));
  expect(await hashPath(join(base, "a"))).not.toBe(await hashPath(join(base, "c")));
});

test("equal folders hash alike, wherever they are", async () => {
  expect(await hashPath(folder())).toBe(await hashPath(folder()));
});

test.each<[string, (path: string) => void]>([
  ["another content of the same size", (path) => writeFileSync(join(path, "sub", "weights"), "1235")],
  ["a further file", (path) => writeFileSync(join(path, "extra"), "")],
  ["a file less", (path) => rmSync(join(path, "config.json"))],
])("%s is another folder", async (_, change) => {
  const changed = folder();
  change(changed);
  expect(await hashPath(changed)).not.toBe(await hashPath(folder()));
});

test("links count by what they lead to", async () => {
  const linked = mkdtempSync(join(base, "linked-"));
  mkdirSync(join(linked, "sub"));
  const source = folder();
  for (const name of ["config.json", "sub/weights"]) symlinkSync(join(source, name), join(linked, name));
  expect(await hashPath(linked)).toBe(await hashPath(source));
});

test("what is not there has none", async () => {
  expect(await hashPath(join(base, "absent"))).toBeNull();
});

test("of a model only what a loader reads counts; links that lead nowhere or in a circle are passed over", async () => {
  const plain = folder();
  rmSync(join(plain, "sub"), { recursive: true });
  const before = await hashPath(plain, isModelFile);
  mkdirSync(join(plain, ".cache"));
  writeFileSync(join(plain, ".cache", "x.json"), "{}");
  writeFileSync(join(plain, "README.md"), "later");
  symlinkSync("nowhere", join(plain, "LICENSE"));
  symlinkSync("loop.json", join(plain, "loop.json"));
  symlinkSync("nowhere", join(plain, "model.safetensors"));
  expect(await hashPath(plain, isModelFile)).toBe(before);
  expect(await hashPath(plain)).not.toBe(before);
  writeFileSync(join(plain, "tokenizer.json"), "{}");
  expect(await hashPath(plain, isModelFile)).not.toBe(before);
});
