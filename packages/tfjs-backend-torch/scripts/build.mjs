// Compiles native/*.cc against the libtorch that is found, with plain g++ (or $CXX).
//   node scripts/build.mjs [--optional]     --optional: as npm's install script, which must not fail an install
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { findLibtorch, howToGetLibtorch } from "./find-libtorch.mjs";

const root = join(import.meta.dirname, "..");
const napiVersion = 8;

/**
 * Builds the addon into build/torch-<version>-.../ and names it in build/current.json.
 *
 * @returns {Promise<string | undefined>} The addon's file; undefined where there is no libtorch.
 * @throws {Error} If the compiler fails.
 */
export async function build(env = process.env) {
  const libtorch = findLibtorch(env);
  if (!libtorch) return undefined;
  const key = [
    `torch-${libtorch.version}${libtorch.cuda ? "-cuda" : ""}`,
    `abi${libtorch.cxx11Abi}`,
    `napi${napiVersion}`,
    `${process.platform}-${process.arch}`,
  ].join("-");
  const buildFolder = env.VIDEOR1_TORCH_BUILD ?? join(root, "build");
  const folder = join(buildFolder, key);
  mkdirSync(folder, { recursive: true });
  const addon = join(folder, "torch.node");
  const sources = readdirSync(join(root, "native"), { recursive: true }).filter((name) => name.endsWith(".cc"));
  const objectOf = (name) => join(folder, `${name.replaceAll(/[\\/]/g, "-")}.o`);
  writeKernelSources(join(folder, "cuda-sources.h"));
  const flags = [...compilerFlags(libtorch), `-I${folder}`];
  const stale = sources.filter((name) => isStale(objectOf(name), name));
  const cxx = env.CXX ?? "g++";
  console.log(`Building for torch ${libtorch.version} (${libtorch.from}): ${stale.length} of ${sources.length} files`);
  if (libtorch.cuda && !libtorch.cudaInclude)
    console.log(
      "Without CUDA graphs: no folder has cuda_runtime_api.h and crt/host_defines.h. Decoding on a GPU is slower; for graphs, " +
        'install a CUDA toolkit and set CUDA_HOME, or `pip install "cuda-toolkit[crt]"` beside torch, and build again.',
    );
  if (!libtorch.c10d)
    console.log("Without process groups: this libtorch has no c10d. One process trains; several ranks cannot.");
  else if (libtorch.cuda && !libtorch.ncclIncludes)
    console.log(
      "Process groups over Gloo alone: NCCL, which several GPUs need, takes nccl.h and the headers of CUDA, cuBLAS, cuSPARSE and cuSOLVER. " +
        "Install a CUDA toolkit with NCCL and set CUDA_HOME, or pip's nvidia-nccl beside torch, and build again.",
    );
  const aten = join(folder, "aten.h");
  if (stale.length > 3) {
    // ATen's headers take most of a compiler's time: read them once for all files. The result is large, and goes at the end.
    writeFileSync(aten, "#include <ATen/ATen.h>\n");
    await run(cxx, [...flags, "-x", "c++-header", aten, "-o", `${aten}.gch.part`]);
    renameSync(`${aten}.gch.part`, `${aten}.gch`);
  }
  const precompiled = existsSync(`${aten}.gch`) ? ["-include", aten] : [];
  await inTurns(
    stale,
    env.VIDEOR1_BUILD_JOBS ? Number(env.VIDEOR1_BUILD_JOBS) : Math.min(4, availableParallelism()),
    async (name) => {
      const object = objectOf(name);
      await run(cxx, [
        ...flags,
        ...(name === "c10d.cc" ? c10dFlags(libtorch) : precompiled),
        "-MMD",
        "-MF",
        `${object}.d`,
        "-c",
        join(root, "native", name),
        "-o",
        `${object}.part`,
      ]);
      renameSync(`${object}.part`, object);
    },
  );
  if (stale.length > 0 || !existsSync(addon)) {
    const objects = sources.map(objectOf);
    await run(cxx, ["-shared", "-fopenmp", ...objects, ...linkerFlags(libtorch), "-o", `${addon}.part`]);
    renameSync(`${addon}.part`, addon);
  }
  rmSync(`${aten}.gch`, { force: true });
  const record = { addon: join(key, basename(addon)), torch: libtorch.version, napiVersion, ...libtorch };
  writeFileSync(join(buildFolder, "current.json"), `${JSON.stringify(record, null, 2)}\n`);
  return addon;
}

/** Writes the sources that native/cuda/nvrtc.cc compiles on the machine with the GPU, as a header; the file stays if it is the same. */
function writeKernelSources(file) {
  const folder = join(root, "native/cuda");
  const names = readdirSync(folder).filter((name) => /\.cuh?$|^arguments\.h$/.test(name));
  const entries = names.map((name) => `  {"${name}", R"source(${readFileSync(join(folder, name), "utf8")})source"},\n`);
  const text = `struct Source {\n  const char *name, *text;\n};\nconstexpr Source kSources[] = {\n${entries.join("")}};\n`;
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
}

function compilerFlags({ version, includes, cxx11Abi, cudaInclude }) {
  const [major, minor] = version.split(".").map(Number);
  const standard = major > 2 || (major === 2 && minor >= 14) ? "c++20" : "c++17";
  return [
    `-std=${standard}`,
    "-O3",
    "-fopenmp", // at::parallel_for runs serially without it
    "-fno-math-errno", // these two let loops with sqrt and comparisons become vector code; results stay the same
    "-fno-trapping-math",
    "-fPIC",
    "-fvisibility=hidden",
    "-w", // the headers are torch's
    `-D_GLIBCXX_USE_CXX11_ABI=${cxx11Abi}`,
    `-DNAPI_VERSION=${napiVersion}`,
    "-DNODE_GYP_MODULE_NAME=torch",
    ...(cudaInclude ? ["-DVIDEOR1_CUDA=1", `-isystem${cudaInclude}`] : []),
    `-I${join(root, "native")}`,
    `-I${nodeHeaders()}`,
    ...includes.map((folder) => `-isystem${folder}`).filter((flag) => flag !== "-isystem/usr/include"),
  ];
}

/** c10d.cc is the one file that includes c10d's headers, which are long; it computes nothing. */
function c10dFlags({ c10d, ncclIncludes = [] }) {
  if (!c10d) return [];
  const nccl = ncclIncludes.length > 0 ? ["-DVIDEOR1_NCCL=1"] : [];
  const folders = [join(root, "native"), ...ncclIncludes].filter((folder) => folder !== "/usr/include");
  return ["-O1", "-DVIDEOR1_C10D=1", ...nccl, ...folders.map((folder) => `-isystem${folder}`)];
}

function linkerFlags({ libs, cuda, cudaInclude }) {
  const found = (name) => libs.map((folder) => join(folder, name)).find(existsSync);
  const libraries = ["libc10.so", "libtorch_cpu.so", ...(cuda ? ["libc10_cuda.so", "libtorch_cuda.so"] : [])];
  const paths = libraries.map(found).filter(Boolean);
  const runtime = cudaInclude
    ? ["lib64", "lib"].map((name) => join(dirname(cudaInclude), name)).filter(existsSync)
    : [];
  // torch_cuda registers its kernels when it is loaded; nothing calls it by name.
  return [
    "-Wl,--no-as-needed",
    ...paths,
    "-Wl,--as-needed",
    ...[...libs, ...runtime].map((folder) => `-Wl,-rpath,${folder}`),
  ];
}

/** The headers of node-api-headers, else those of this Node. */
function nodeHeaders() {
  try {
    return createRequire(import.meta.url)("node-api-headers").include_dir;
  } catch {
    const own = process.env.NODE_API_INCLUDE ?? join(dirname(dirname(process.execPath)), "include/node");
    if (existsSync(join(own, "node_api.h"))) return own;
    throw new Error(`node_api.h is neither in the package node-api-headers nor in ${own}; set NODE_API_INCLUDE`);
  }
}

/** Older than its source, or than one of our headers that the compiler says it includes. */
function isStale(object, source) {
  if (!existsSync(object) || !existsSync(`${object}.d`)) return true;
  const built = statSync(object).mtimeMs;
  const included = readFileSync(`${object}.d`, "utf8").split(/[\s\\]+/);
  const own = included.filter((file) => file.startsWith(join(root, "native")) || file.endsWith("/cuda-sources.h"));
  return [join(root, "native", source), ...own].some((file) => !existsSync(file) || statSync(file).mtimeMs > built);
}

async function inTurns(items, width, work) {
  const queue = [...items];
  const turn = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: width }, turn));
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", (cause) =>
      reject(new Error(`${command} does not start: install a C++ compiler, or set CXX`, { cause })),
    );
    child.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} failed (${code}): ${args.join(" ")}`)),
    );
  });
}

if (process.argv[1] === import.meta.filename) {
  const optional = process.argv.includes("--optional");
  try {
    const addon = await build();
    if (addon) console.log(`Built ${addon}`);
    else
      console.log(
        `@videor1/tfjs-backend-torch: no libtorch found, so the backend "torch" is not built.\n${howToGetLibtorch}`,
      );
    if (!addon && !optional) process.exitCode = 1;
  } catch (error) {
    console.error(`@videor1/tfjs-backend-torch: the addon is not built. ${error.message}\n${howToGetLibtorch}`);
    if (!optional) process.exitCode = 1;
  }
}
