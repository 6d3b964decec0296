// node scripts/tfjs-node/record-kernels.mjs [version]
// Writes tests/golden/tfjs-node-kernels.json: the names of the kernels that @tensorflow/tfjs-node registers. Runs the
// package's own dist/register_all_kernels.js from its npm tarball, with tfjs-core for its umbrella package and an empty
// module for its protocol buffers: registering a kernel needs neither these nor the native binary.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const version = process.argv[2] ?? "4.22.0";
const name = "@tensorflow/tfjs-node";
const output = join(import.meta.dirname, "../../tests/golden/tfjs-node-kernels.json");
const require = createRequire(import.meta.url);

const folder = mkdtempSync(join(tmpdir(), "tfjs-node-"));
try {
  const packed = execFileSync("npm", ["pack", "--json", "--silent", `${name}@${version}`], { cwd: folder });
  const [{ filename, integrity }] = JSON.parse(packed.toString());
  execFileSync("tar", ["xzf", filename], { cwd: folder });
  mkdirSync(join(folder, "node_modules/@tensorflow"), { recursive: true });
  const core = `module.exports = require(${JSON.stringify(require.resolve("@tensorflow/tfjs-core"))});`;
  for (const file of ["tfjs.js", "tfjs-core.js"]) writeFileSync(join(folder, "node_modules/@tensorflow", file), core);
  writeFileSync(join(folder, "package/dist/proto/api_pb.js"), "");
  const { getKernelsForBackend } = require("@tensorflow/tfjs-core");
  require(join(folder, "package/dist/register_all_kernels.js"));
  const kernels = getKernelsForBackend("tensorflow").map(({ kernelName }) => kernelName);
  if (kernels.length === 0) throw new Error(`${name}@${version}: no kernel was registered`);
  const source = { package: name, version, integrity, file: "dist/register_all_kernels.js", license: "Apache-2.0" };
  writeFileSync(output, `${JSON.stringify({ source, kernels: kernels.sort() }, null, 1)}\n`);
  console.log(`${kernels.length} kernels to ${output}`);
} finally {
  rmSync(folder, { recursive: true });
}
