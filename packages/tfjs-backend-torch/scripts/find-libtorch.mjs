import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
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
  return { ...found, version: versionOf(found.includes), cuda, ...(cudaInclude && { cudaInclude }) };
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
  const nvidia = join(dirname(dirname(lib)), "nvidia");
  const wheels = existsSync(nvidia) ? readdirSync(nvidia).map((name) => join(nvidia, name, "include")) : [];
  const homes = [process.env.CUDA_HOME, process.env.CUDA_PATH, "/usr/local/cuda"].filter(Boolean);
  return [...homes.map((home) => join(home, "include")), ...wheels].find((folder) =>
    ["cuda_runtime_api.h", "crt/host_defines.h"].every((name) => existsSync(join(folder, name))),
  );
}
