import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { root } from "./run-cli.ts";

/** What each package may import of the others: the picture in README.md. */
const allowed: Record<string, readonly string[]> = {
  rewards: [],
  statistics: [],
  random: [],
  safetensors: [],
  engine: ["safetensors"],
  tgrpo: ["statistics"],
  runs: ["rewards", "safetensors"],
  cli: ["random", "runs"],
  train: ["engine", "runs", "safetensors"],
  "processor-qwen25vl": [],
  "model-qwen25vl": ["engine", "processor-qwen25vl", "random", "safetensors"],
  data: ["random", "rewards"],
  eval: ["data", "rewards", "statistics"],
  "reward-server": ["rewards"],
  "tfjs-backend-torch": [],
  report: ["cli", "data", "eval", "rewards", "runs", "safetensors", "statistics", "tgrpo"],
};

/** What each app may import of the other apps. Every app may import any package. */
const allowedApps: Record<string, readonly string[]> = {
  ablation: ["bench", "miniature", "rl", "sft"],
  miniature: ["bench", "rl", "sft"],
};

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** Relative path and imported modules of every TypeScript file of a workspace's folder. */
function sources(workspace: string, folder: string): { file: string; modules: string[] }[] {
  const path = join(root, workspace, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !/^(generated|kernels\.as)/.test(name))
    .map((name) => ({
      file: join(workspace, folder, name),
      modules: ts.preProcessFile(readFileSync(join(path, name), "utf8")).importedFiles.map(({ fileName }) => fileName),
    }));
}

/** The package of a module: "@a/b/c" is of "@a/b". */
const packageOf = (module: string): string =>
  module
    .split("/")
    .slice(0, module.startsWith("@") ? 2 : 1)
    .join("/");

const isForeign = (module: string): boolean => !module.startsWith(".") && !module.startsWith("node:");

const workspaces = ["packages", "apps"].flatMap((kind) =>
  readdirSync(join(root, kind)).map((name) => join(kind, name)),
);

test("every package is in the picture", () => {
  expect(readdirSync(join(root, "packages")).sort()).toEqual(Object.keys(allowed).sort());
});

describe.each(workspaces)("%s", (workspace) => {
  const manifest: Manifest = JSON.parse(readFileSync(join(root, workspace, "package.json"), "utf8"));
  const { name, dependencies = {}, peerDependencies = {}, devDependencies = {} } = manifest;
  const declared = { ...dependencies, ...peerDependencies };

  test("depends on the packages of the picture only", () => {
    const ours = Object.keys(declared).filter((dependency) => dependency.startsWith("@videor1/"));
    const [kind, folder] = workspace.split("/") as [string, string];
    const may = kind === "apps" ? [...(allowedApps[folder] ?? []), ...Object.keys(allowed)] : allowed[folder]!;
    expect(ours.filter((dependency) => !may.includes(dependency.slice("@videor1/".length)))).toEqual([]);
  });

  test("imports only what its package.json names", () => {
    const forTests = { ...declared, ...devDependencies, vitest: "", "fast-check": "", tsx: "", typescript: "" };
    const strangers = ["src", "test"].flatMap((folder) =>
      sources(workspace, folder).flatMap(({ file, modules }) => {
        const known = folder === "test" || /\.test\.ts$|\/test\//.test(file) ? forTests : declared;
        return modules
          .filter(isForeign)
          .map(packageOf)
          .filter((dependency) => dependency !== name && !(dependency in known))
          .map((dependency) => `${file} imports ${dependency}`);
      }),
    );
    expect(strangers).toEqual([]);
  });

  test("no import leaves the workspace by path", () => {
    const escaping = ["src", "test"].flatMap((folder) =>
      sources(workspace, folder).flatMap(({ file, modules }) =>
        modules
          .filter((module) => module.startsWith("."))
          .map((module) => join(file, "..", module))
          .filter((path) => !path.startsWith(`${workspace}/`))
          .filter(
            (path) => !(file.startsWith("apps/gpu-check/src/stages/") && path.startsWith("packages/model-qwen25vl/")),
          )
          .map((module) => `${file} imports ${module}`),
      ),
    );
    expect(escaping).toEqual([]);
  });
});
