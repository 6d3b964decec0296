import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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

describe("a hash that is kept", () => {
  const cache = () => ({ folder: join(base, "cache", "hashes"), leastBytes: 8 });
  const all = () => true;
  const ask = (path: string) => hashPath(path, all, cache());
  const longAgo = new Date("2026-01-02T03:04:05Z");
  const old = (text = "12345678") => {
    write("model", text);
    utimesSync(join(base, "model"), longAgo, longAgo);
    return join(base, "model");
  };

  test("stands while the file has its size and its time, and is made anew with another of either", async () => {
    const first = await ask(old());
    expect(first).toBe(await hashPath(old()));
    old("87654321");
    expect(await ask(join(base, "model"))).toBe(first);
    utimesSync(join(base, "model"), longAgo, new Date(longAgo.getTime() + 1));
    const second = await ask(join(base, "model"));
    expect(second).toBe(await hashPath(join(base, "model")));
    expect(second).not.toBe(first);
    expect(await ask(old("123456789"))).not.toBe(second);
  });

  test("a further file in a folder, or one less, is another folder", async () => {
    const path = folder();
    for (const name of ["config.json", "sub/weights"]) {
      writeFileSync(join(path, name), "12345678");
      utimesSync(join(path, name), longAgo, longAgo);
    }
    const before = await ask(path);
    expect(readdirSync(cache().folder)).toHaveLength(1);
    rmSync(join(path, "config.json"));
    const after = await ask(path);
    expect(after).toBe(await hashPath(path));
    expect(after).not.toBe(before);
  });

  test.each(["{", '{"hash": "forged"}'])("a damaged one is passed over: %s", async (damage) => {
    const first = await ask(old());
    const [name] = readdirSync(cache().folder);
    writeFileSync(join(cache().folder, name!), damage);
    expect(await ask(join(base, "model"))).toBe(first);
  });

  test("is none of a file written just now, of a small one, and where there is no place for it", async () => {
    write("model", "12345678");
    await ask(join(base, "model"));
    await ask(old("1234567"));
    expect(existsSync(cache().folder)).toBe(false);
    writeFileSync(join(base, "cache"), "a file");
    expect(await ask(old())).toBe(await hashPath(old()));
  });
});
