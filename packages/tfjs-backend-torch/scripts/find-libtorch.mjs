import { execFileSync } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * @typedef {object} Libtorch
 * @property {string} from Where it was found, in words.
 * @property {string} version Of torch/version.h: "2.6.0".
 * @property {string[]} includes Folders of headers.
 * @property {string[]} libs Folders of libraries.
 * @property {number} cxx11Abi The value of _GLIBCXX_USE_CXX11_ABI.
 * @property {boolean} cuda Whether it has CUDA kernels.
 * @property {string} [cudaInclude] The folder of CUDA's headers, where they are whole.
 * @property {boolean} c10d Whether it has process groups over Gloo.
 * @property {string[]} [ncclIncludes] Folders of the headers that process groups over NCCL need, where all are there.
 */

/** What to do where no libtorch is found. */
export const howToGetLibtorch = `Get one in either way, then run \`npm rebuild @videor1/tfjs-backend-torch\`:
  pip install torch                                          and set LIBTORCH_USE_PYTORCH=1
  apt-get install libtorch-dev libopenblas0-pthread          (Debian, Ubuntu)
or set LIBTORCH to an unpacked libtorch, a folder with include/ and lib/.`;

/**
 * The libtorch to build against: LIBTORCH, else with LIBTORCH_USE_PYTORCH=1 that of python3's torch, else the system's.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {Libtorch | undefined}
 * @throws {Error} If a variable names a libtorch that is not there.
 */
export function findLibtorch(env = process.env) {
  if (env.LIBTORCH) return inFolder(env.LIBTORCH, `LIBTORCH=${env.LIBTORCH}`);
  if (env.LIBTORCH_USE_PYTORCH === "1") return ofPython(env.PYTHON ?? "python3");
  return ofSystem();
}

function inFolder(folder, from, abi) {
  const includes = [join(folder, "include"), join(folder, "include/torch/csrc/api/include")];
  const libs = [join(folder, "lib")];
  if (!existsSync(join(includes[0], "ATen/ATen.h"))) throw new Error(`${from}: no include/ATen/ATen.h in ${folder}`);
  return describe({ from, includes, libs, cxx11Abi: abi ?? abiOf(libs) });
}

function ofPython(python) {
  const program =
    "import json,os,torch;print(json.dumps([os.path.dirname(torch.__file__),int(torch._C._GLIBCXX_USE_CXX11_ABI)]))";
  let answer;
  try {
    answer = execFileSync(python, ["-c", program], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (cause) {
    throw new Error(`LIBTORCH_USE_PYTORCH=1: ${python} cannot import torch`, { cause });
  }
  const [folder, abi] = JSON.parse(answer.trim().split("\n").at(-1));
  return inFolder(folder, `torch of ${python}`, abi);
}

function ofSystem() {
  const include = ["/usr/include", "/usr/local/include"].find((folder) => existsSync(join(folder, "ATen/ATen.h")));
  if (!include) return undefined;
  const triplets = existsSync("/usr/lib") ? readdirSync("/usr/lib").filter((name) => name.endsWith("-linux-gnu")) : [];
  const candidates = [...triplets.map((name) => join("/usr/lib", name)), "/usr/local/lib", "/usr/lib"];
  const libs = candidates.filter((folder) => existsSync(join(folder, "libtorch_cpu.so")));
  if (libs.length === 0) return undefined;
  const includes = [include, join(include, "torch/csrc/api/include")];
  return describe({ from: "the system's libtorch", includes, libs, cxx11Abi: 1 });
}

function describe(found) {
  const cuda = found.libs.some((folder) => existsSync(join(folder, "libtorch_cuda.so")));
  const cudaInclude = cuda ? findCudaInclude(found.libs[0]) : undefined;
  const c10d = hasC10d(found);
  const ncclIncludes = c10d && cudaInclude ? findNcclIncludes(found.libs[0], cudaInclude) : undefined;
  return {
    ...found,
    version: versionOf(found.includes),
    cuda,
    ...(cudaInclude && { cudaInclude }),
    c10d,
    ...(ncclIncludes && { ncclIncludes }),
  };
}

/** Its headers are there, and the library was built with USE_DISTRIBUTED. */
function hasC10d({ includes, libs }) {
  const header = "torch/csrc/distributed/c10d/ProcessGroupGloo.hpp";
  const library = libs.map((folder) => join(folder, "libtorch_cpu.so")).find(existsSync);
  return includes.some((folder) => existsSync(join(folder, header))) && fileHas(library, "N4c10d16ProcessGroupGlooC1E");
}

/** Whether a file, which may be large, holds this text. */
function fileHas(path, text) {
  const file = openSync(path, "r");
  const chunk = Buffer.alloc(16 << 20);
  try {
    for (let kept = 0; ; ) {
      const end = kept + readSync(file, chunk, kept, chunk.length - kept, null);
      if (end === kept) return false;
      if (chunk.subarray(0, end).includes(text)) return true;
      kept = Math.min(end, text.length);
      chunk.copy(chunk, 0, end - kept, end);
    }
  } finally {
    closeSync(file);
  }
}

function versionOf(includes) {
  // Since about 2.9 torch/version.h only includes the other file.
  for (const name of ["torch/headeronly/version.h", "torch/version.h", "torch/csrc/api/include/torch/version.h"]) {
    for (const folder of includes) {
      const file = join(folder, name);
      if (!existsSync(file)) continue;
      const text = readFileSync(file, "utf8");
      const parts = ["MAJOR", "MINOR", "PATCH"].map(
        (part) => text.match(new RegExp(`TORCH_VERSION_${part} (\\d+)`))?.[1],
      );
      if (parts.every((part) => part !== undefined)) return parts.join(".");
    }
  }
  throw new Error(`No version in torch/version.h of ${includes[0]}`);
}

/** Without Python to ask: the mangled names in libc10 tell. */
function abiOf(libs) {
  const library = libs.map((folder) => join(folder, "libc10.so")).find(existsSync);
  return library && !readFileSync(library).includes("__cxx11") ? 0 : 1;
}

/**
 * A toolkit's headers, or those that pip installed beside torch (nvidia/cuda_runtime, nvidia/cu13), if they are whole: since
 * CUDA 13 pip has crt/host_defines.h, which cuda_runtime_api.h includes, in a wheel of its own.
 */
function findCudaInclude(lib) {
  const homes = [process.env.CUDA_HOME, process.env.CUDA_PATH, "/usr/local/cuda"].filter(Boolean);
  return [...homes.map((home) => join(home, "include")), ...wheelIncludes(lib)].find((folder) =>
    ["cuda_runtime_api.h", "crt/host_defines.h"].every((name) => existsSync(join(folder, name))),
  );
}

/** Folders of the headers that pip installed beside torch. */
function wheelIncludes(lib) {
  const nvidia = join(dirname(dirname(lib)), "nvidia");
  return existsSync(nvidia) ? readdirSync(nvidia).map((name) => join(nvidia, name, "include")) : [];
}

function findNcclIncludes(lib, cudaInclude) {
  const candidates = [cudaInclude, ...wheelIncludes(lib), "/usr/include"];
  const found = ["nccl.h", "cublas_v2.h", "cusparse.h", "cusolverDn.h"].map((name) =>
    candidates.find((folder) => existsSync(join(folder, name))),
  );
  return found.includes(undefined) ? undefined : [...new Set([cudaInclude, ...found])];
}
