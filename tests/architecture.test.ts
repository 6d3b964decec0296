import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

/** What each workspace may import of the others: the picture in README.md. Apps may import any package. */
const allowed: Record<string, readonly string[]> = {
  rewards: [],
  engine: [],
  tgrpo: ["engine"],
  train: ["engine"],
  "model-qwen25vl": ["engine"],
  data: ["rewards"],
  eval: ["data", "rewards"],
  "tfjs-backend-torch": [],
};

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const root = join(import.meta.dirname, "..");
const folders = readdirSync(join(root, "packages"));
const manifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8"));
const sources = (folder: string): string[] =>
  readdirSync(join(root, "packages", folder, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.includes("generated"))
    .map((file) => join(root, "packages", folder, "src", file));

const imported = (file: string): string[] =>
  [...readFileSync(file, "utf8").matchAll(/^(?:import|export)\b[^"`;]*"([^"\n]+)"|\bimport\(\s*"([^"\n]+)"/gm)].map(
    (match) => (match[1] ?? match[2])!,
  );

test("every package is in the picture", () => {
  expect(folders.sort()).toEqual(Object.keys(allowed).sort());
});

describe.each(folders)("%s", (folder) => {
  const { name, dependencies = {}, peerDependencies = {}, devDependencies = {} } = manifest(folder);

  test("depends on the packages of the picture only", () => {
    const ours = Object.keys({ ...dependencies, ...peerDependencies }).filter((d) => d.startsWith("@videor1/"));
    expect(ours.filter((d) => !allowed[folder]!.includes(d.slice("@videor1/".length)))).toEqual([]);
  });

  test("imports only what its package.json names", () => {
    const declared = { ...dependencies, ...peerDependencies };
    const strangers = sources(folder).flatMap((file) => {
      const isTest = file.endsWith(".test.ts");
      const known = isTest ? { ...declared, ...devDependencies, vitest: "", "fast-check": "" } : declared;
      return imported(file)
        .filter((specifier) => !specifier.startsWith(".") && !specifier.startsWith("node:"))
        .map((specifier) =>
          specifier
            .split("/")
            .slice(0, specifier.startsWith("@") ? 2 : 1)
            .join("/"),
        )
        .filter((dependency) => !(dependency in known) && dependency !== name)
        .map((dependency) => `${file.slice(root.length + 1)} imports ${dependency}`);
    });
    expect(strangers).toEqual([]);
  });

  test("no import leaves the package by path", () => {
    const escaping = sources(folder).flatMap((file) => imported(file).filter((s) => /^\.\.\/\.\.\/\.\./.test(s)));
    expect(escaping).toEqual([]);
  });
});
