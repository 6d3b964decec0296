import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { root } from "../run-cli.ts";

export interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

export interface SourceFile {
  /** Relative to the root of the repository. */
  path: string;
  /** The imported modules, as written; those of `import type`, `export … from` and `import()` included. */
  modules: readonly string[];
}

/** Folders that are installed, built or generated, and AssemblyScript, whose imports are of another kind. */
const skipped = /^(node_modules|dist|build|generated|golden|kernels\.as|\..+)$/;

/** Paths of all files below a folder, relative to the root of the repository, except those in skipped folders. */
export function filesOf(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.test(entry.name) ? [] : filesOf(path);
    return entry.isFile() ? [path] : [];
  });
}

/** Every TypeScript file of a folder: sources, tests, benches, scripts, settings of tools. */
export const sourcesOf = (folder: string): SourceFile[] =>
  filesOf(folder)
    .filter((path) => path.endsWith(".ts"))
    .map((path) => ({
      path,
      modules: ts.preProcessFile(readFileSync(join(root, path), "utf8")).importedFiles.map(({ fileName }) => fileName),
    }));

/** "packages/rewards", "apps/rl", … */
export const workspaces: readonly string[] = ["packages", "apps"].flatMap((kind) =>
  readdirSync(join(root, kind))
    .map((name) => join(kind, name))
    .filter((workspace) => existsSync(join(root, workspace, "package.json"))),
);

export const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));

/** Names of our packages among dependencies, without "@videor1/". */
export const oursOf = (dependencies: Record<string, string> = {}): string[] =>
  Object.keys(dependencies)
    .filter((name) => name.startsWith("@videor1/"))
    .map((name) => name.slice("@videor1/".length));

/** The package of an imported module: "@a/b/c" is of "@a/b"; undefined for paths and for Node's own modules. */
export function packageOf(module: string): string | undefined {
  if (module.startsWith(".") || module.startsWith("node:")) return undefined;
  return module
    .split("/")
    .slice(0, module.startsWith("@") ? 2 : 1)
    .join("/");
}

/** The file that a relative import names, relative to the root; undefined for packages. */
export const importedPath = (path: string, module: string): string | undefined =>
  module.startsWith(".") ? join(dirname(path), module) : undefined;

/** Whether a file only helps to develop: tests, benches, scripts and settings of tools. They may use devDependencies. */
export const isForDevelopment = (workspace: string, path: string): boolean => {
  const inside = path.slice(workspace.length + 1);
  return /^(test|bench|scripts)\/|\/test\/|\.test\.ts$|^[^/]+\.config\.ts$/.test(inside);
};
