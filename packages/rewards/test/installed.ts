import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const packageFolder = join(import.meta.dirname, "..");
const repository = join(packageFolder, "../..");
const npm = (folder: string, ...args: string[]): string =>
  execFileSync("npm", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** An empty project with the packed package installed in it by npm. */
export interface Installed {
  /** The project. */
  folder: string;
  tarball: string;
}

/**
 * Packs this package as npm would publish it and installs it into a new folder. It needs no network: the dependency is
 * packed from that of the repository.
 */
export function installPacked(): Installed {
  buildIfStale();
  const folder = mkdtempSync(join(tmpdir(), "rewards-installed-"));
  const tarball = join(folder, npm(packageFolder, "pack", "--ignore-scripts", "--pack-destination", folder).trim());
  const dependency = npm(
    join(repository, "node_modules/fastest-levenshtein"),
    ...["pack", "--ignore-scripts", "--pack-destination", folder],
  );
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "empty", private: true }));
  npm(folder, "install", "--offline", "--no-audit", "--no-fund", tarball, join(folder, dependency.trim()));
  return { folder, tarball };
}

/** Adds an optional peer, linked from the repository. */
export function addPeer({ folder }: Installed, name: "mathjs" | "zod"): void {
  symlinkSync(join(repository, "node_modules", name), join(folder, "node_modules", name), "dir");
}

/** `npm test` builds first; a test that is run alone builds what is missing or older than its source. */
function buildIfStale(): void {
  const built = ["expressions.d.cts", "reward-options.d.cts"].map((file) => join(packageFolder, "dist", file)); // written last
  const sources = readdirSync(join(packageFolder, "src"), { recursive: true, encoding: "utf8" });
  const newest = Math.max(...sources.map((file) => statSync(join(packageFolder, "src", file)).mtimeMs));
  if (built.some((file) => !existsSync(file) || statSync(file).mtimeMs < newest)) npm(packageFolder, "run", "build");
}
