import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** The code that made a result. */
export const CodeVersion = z.object({
  /** Installed versions: the module's package, its dependencies, and the dependencies of those of its own scope. */
  packages: z.record(z.string(), z.string()),
  /** Commit of the git repository that holds the module; null without one. */
  commit: z.string().nullable(),
  /** Whether files differ from that commit; null without one. */
  dirty: z.boolean().nullable(),
});
export type CodeVersion = z.infer<typeof CodeVersion>;

interface PackageFile {
  name: string;
  version: string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

/** @param module - `import.meta.url` of any module of the package. */
export function codeVersion(module: string): CodeVersion {
  const folder = dirname(fileURLToPath(module));
  const found = findUp(folder, "package.json");
  const packages: Record<string, string> = {};
  if (found !== undefined) collectVersions(dirname(found), packages);
  const commit = git(folder, "rev-parse", "HEAD");
  const changes = commit === null ? null : git(folder, "status", "--porcelain");
  return { packages, commit, dirty: changes === null ? null : changes !== "" };
}

function collectVersions(folder: string, versions: Record<string, string>): void {
  const { name, version, dependencies, peerDependencies } = readPackage(join(folder, "package.json"));
  versions[name] = version;
  for (const dependency of Object.keys({ ...dependencies, ...peerDependencies })) {
    if (dependency in versions) continue;
    const file = findUp(folder, join("node_modules", dependency, "package.json"));
    if (file === undefined) continue; // an optional one
    if (dependency.split("/")[0] === name.split("/")[0]) collectVersions(dirname(file), versions);
    else versions[dependency] = readPackage(file).version;
  }
}

const readPackage = (path: string): PackageFile => JSON.parse(readFileSync(path, "utf8")) as PackageFile;

/** The file of this name in the folder or in the nearest one above it. */
function findUp(folder: string, name: string): string | undefined {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  const parent = dirname(folder);
  return parent === folder ? undefined : findUp(parent, name);
}

function git(folder: string, ...command: string[]): string | null {
  try {
    return execFileSync("git", ["-C", folder, ...command], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return null; // no git, or no repository
  }
}
