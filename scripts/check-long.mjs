// npm run check:long [-- stage ...]: what takes longer than npm test. Ends with a line for each stage, and with exit code 1 if one
// failed. A stage that lacks what it needs is skipped, and says what it needs.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const root = join(import.meta.dirname, "..");
const { env: own } = process;
const python = own.CHECK_PYTHON ?? "python3";
const scratch = mkdtempSync(join(tmpdir(), "check-long-"));
const source = ["--conditions=@videor1/source", "--import", "tsx"];

class Skipped extends Error {}

function run(command, args, env = {}) {
  console.log(`\n$ ${[command, ...args].join(" ")}`);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", env: { ...own, ...env } });
  if (error || status !== 0) throw new Error(error?.message ?? `${command} ends with exit code ${status}`);
}

const needsPython = (...modules) => {
  const { status } = spawnSync(python, ["-c", `import ${modules.join(", ")}`]);
  if (status !== 0)
    throw new Skipped(`needs a Python with ${modules.join(", ")}: name it in CHECK_PYTHON (scripts/interop/README.md)`);
};

/** All tests with another version of Node.js, from npm. */
function withNode(version) {
  const folder = join(scratch, `node-${version}`);
  mkdirSync(folder);
  run("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", "--no-save", `node@${version}`]);
  const path = [join(folder, "node_modules", "node", "bin"), own.PATH].join(delimiter);
  run("node", ["--version"], { PATH: path });
  run("node", ["node_modules/vitest/vitest.mjs", "run"], { PATH: path });
}

/** Checkpoints that transformers and PEFT make and read, both ways. */
function againstTransformers() {
  needsPython("torch", "torchvision", "transformers", "safetensors");
  const interop = (name) => join("scripts", "interop", name);
  const cases = join(scratch, "cases");
  const each = () => readdirSync(cases).map((name) => join(cases, name));
  run(python, [interop("make_cases.py"), cases, "--count", "10", "--seed", "0"]);
  run("node", [...source, interop("compare-cases.ts"), ...each()]);
  run(python, [interop("check_saved.py"), ...each()]);
}

function againstPeft() {
  needsPython("torch", "transformers", "safetensors", "peft");
  const interop = (name) => join("scripts", "interop", name);
  const cases = join(scratch, "adapters");
  const each = () => readdirSync(cases).map((name) => join(cases, name));
  run(python, [interop("make_cases.py"), cases, "--count", "4", "--seed", "3"]);
  run(python, [interop("adapters.py"), "make", ...each()]);
  run("node", [...source, interop("compare-adapters.ts"), ...each()]);
  run(python, [interop("adapters.py"), "check", ...each()]);
}

/** The paper's six benchmarks in their whole size, made up, against a stand-in server. */
const wholeBenchmarks = () =>
  run("node", [...source, join("scripts", "full-size", "check-benchmarks.ts"), join(scratch, "benchmarks")]);

/** A made-up file of Video-R1-260k's size through the verbs of videor1-data. */
const wholeDataSet = () =>
  run("node", [...source, join("scripts", "full-size", "check-data-tools.ts"), join(scratch, "data")]);

/** A Python that can import vllm. */
function pythonOfVllm() {
  const { CHECK_VLLM: vllm } = own;
  if (vllm === undefined || spawnSync(vllm, ["-c", "import vllm"]).status !== 0)
    throw new Skipped("needs a Python with vllm: name it in CHECK_VLLM (scripts/interop/README.md)");
  return vllm;
}

/** The client of chat servers, greedy answers and a LoRA adapter against a real vLLM. */
const againstVllm = () =>
  run("node", [...source, join("scripts", "interop", "check-vllm.ts"), pythonOfVllm(), join(scratch, "vllm")]);

/** T-GRPO with the completions of a real vLLM: in step, then one step ahead and with its log-probabilities of the reference. */
function rolloutsOfVllm() {
  for (const name of ["vllm-rollouts", "vllm-ahead"])
    run("node", [...source, join("scripts", "interop", `${name}.ts`), pythonOfVllm(), join(scratch, name)]);
}

/** Process groups among ranks of torchrun, on one host and on two, and the ends that ranks can come to. */
function underTorchrun() {
  const torchrun = own.CHECK_TORCHRUN ?? "torchrun";
  if (spawnSync(torchrun, ["--help"]).status !== 0)
    throw new Skipped("needs torchrun: name that of pip's torch in CHECK_TORCHRUN (scripts/interop/README.md)");
  run("node", [...source, join("scripts", "interop", "check-groups.ts"), torchrun, join(scratch, "groups")]);
}

/** The Hub's cache and folders, patterns and settings beside huggingface_hub, and archives beside Python's. */
function againstHub() {
  needsPython("huggingface_hub");
  run("node", [...source, join("scripts", "interop", "check-hub.ts"), python, join(scratch, "hub")]);
}

const stages = {
  /** Tests of minutes: generated media files and records, whole. */
  tests: () => run("node", ["node_modules/vitest/vitest.mjs", "run", "--config", "vitest.long.config.ts"]),
  golds: () => run("npm", ["run", "check:long", "--workspace", "packages/rewards"]),
  benchmarks: wholeBenchmarks,
  data: wholeDataSet,
  kills: () => run("bash", ["scripts/fifty-kills.sh", join(scratch, "kills")]),
  transformers: againstTransformers,
  peft: againstPeft,
  vllm: againstVllm,
  rollouts: rolloutsOfVllm,
  hub: againstHub,
  groups: underTorchrun,
  node22: () => withNode(22),
  node24: () => withNode(24),
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in stages));
if (unknown !== undefined) {
  console.error(`check:long has no stage "${unknown}"; there are ${Object.keys(stages).join(", ")}`);
  process.exit(1);
}
const ends = [];
for (const name of asked.length > 0 ? asked : Object.keys(stages)) {
  try {
    stages[name]();
    ends.push([name, "passed"]);
  } catch (error) {
    ends.push([name, error instanceof Skipped ? `skipped: it ${error.message}` : `FAILED: ${error.message}`]);
  }
}
if (existsSync(scratch)) rmSync(scratch, { recursive: true, force: true });
console.log(`\n${ends.map(([name, end]) => `${name.padEnd(14)} ${end}`).join("\n")}`);
process.exitCode = ends.some(([, end]) => end.startsWith("FAILED")) ? 1 : 0;
