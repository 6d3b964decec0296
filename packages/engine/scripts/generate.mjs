// Writes src/generated/: tfjs-core's gradients as one module Node can load, and the AssemblyScript kernels as base64.
// Skips what is newer than its sources; `--force` rebuilds.
import { mkdir, readdir, rename, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const generated = join(root, "src/generated");
const kernelFolder = join(root, "src/kernels.as");
const force = process.argv.includes("--force");
const resolve = createRequire(import.meta.url).resolve;

const modified = async (file) => (await stat(file).catch(() => ({ mtimeMs: 0 }))).mtimeMs;

async function isFresh(output, sources) {
  if (force) return false;
  const times = await Promise.all([fileURLToPath(import.meta.url), ...sources].map(modified));
  return (await modified(output)) > Math.max(...times);
}

/** Whole or not at all: another process may be importing the file. */
async function replaceFile(path, contents) {
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, contents);
  await rename(temporary, path);
}

async function generateGradients() {
  const output = join(generated, "gradients.js");
  const source = join(dirname(resolve("@tensorflow/tfjs-core/package.json")), "dist/register_all_gradients.js");
  if (await isFresh(output, [source])) return;
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [source],
    write: false,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "error",
  });
  await replaceFile(join(generated, "gradients.d.ts"), "export {};\n");
  await replaceFile(output, outputFiles[0].contents);
}

/** The kernels share tfjs' memory, whose low addresses belong to tfjs: a data segment of ours would overwrite them. */
function assertNoStaticData(binary) {
  let at = 8;
  while (at < binary.length) {
    const id = binary[at++];
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = binary[at++];
      size |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    if (id === 11)
      throw new Error("src/kernels.as: static data (a string, array literal or Mathf table) is not allowed");
    at += size;
  }
}

/** `export declare function f(a: usize): void` lines of asc's bindings -> members of one interface. */
function kernelInterface(bindings) {
  const members = [...bindings.matchAll(/export function (\w+\([^)]*\): \w+);/g)].map((match) => `  ${match[1]};`);
  return `export interface Kernels {\n${members.join("\n")}\n}\n`;
}

/** The kernels as a WebAssembly binary, and asc's TypeScript declaration of its exports. */
async function compile(features) {
  const asc = await import("assemblyscript/asc");
  const files = new Map();
  const flags = "--bindings raw -O3 --converge --noAssert --runtime stub --importMemory".split(" ");
  const { error, stderr } = await asc.main(
    ["index.ts", "--baseDir", kernelFolder, "--outFile", "kernels.wasm", ...flags, "--enable", features],
    { writeFile: (name, contents) => void files.set(name, contents) },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  const binary = files.get("kernels.wasm");
  assertNoStaticData(binary);
  return { base64: Buffer.from(binary).toString("base64"), bindings: files.get("kernels.d.ts") };
}

async function generateKernels() {
  const output = join(generated, "kernels.ts");
  const names = (await readdir(kernelFolder)).filter((name) => name.endsWith(".ts"));
  const sources = names.map((name) => join(kernelFolder, name));
  if (await isFresh(output, sources)) return;
  const { base64, bindings } = await compile("simd");
  const relaxed = await compile("simd,relaxed-simd");
  const module = `${kernelInterface(bindings)}
export const kernelsBase64 =
  "${base64}";

/** The same, with a fused multiply-add in place of a product and a sum. */
export const relaxedKernelsBase64 =
  "${relaxed.base64}";
`;
  await replaceFile(output, module);
}

await mkdir(generated, { recursive: true });
await Promise.all([generateGradients(), generateKernels()]);
