import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { engine, setBackend } from "@tensorflow/tfjs-core";
import { registerCheckpoint } from "./checkpoint.ts";
import { EngineError } from "./errors.ts";
import { registerFusedGradients } from "./fused-gradients.ts";

export type BackendName = "wasm" | "torch" | "tensorflow";

export interface EngineInfo {
  backend: BackendName;
  /** Why this backend was chosen: requested, or what "auto" found. */
  reason: string;
  /** The device in words: "cpu, 1 thread, WebAssembly SIMD", "NVIDIA H200". */
  device: string;
}

export interface EngineOptions {
  /** Default "auto": torch where its package is installed and its addon loads, else wasm. */
  backend?: "auto" | BackendName;
  /** torch only: "cpu", "cuda", "cuda:1". Default: VIDEOR1_TORCH_DEVICE, else the GPU if libtorch has one, else "cpu". */
  device?: string | undefined;
  /** torch only: number of the GPU where `device` names none, counted through those that are visible; default 0. */
  gpu?: number | undefined;
  /** torch only: threads of one op on the CPU. Default: libtorch's own choice. */
  threads?: number | undefined;
  /**
   * wasm only. Default true: matrix products use fused multiply-add where V8 and the processor have it, about 1.3 to 2
   * times as fast. false gives the same bits on every machine.
   */
  fma?: boolean;
}

export const torchPackage = "@videor1/tfjs-backend-torch";

/** The part of the torch package that this file uses. */
interface TorchPackage {
  /** The device in words; the two setters change it. */
  readonly device: string;
  torchInfo(): { device: string; cuda: boolean };
  setTorchDevice(name: string): void;
  setTorchThreads(count: number): void;
}

/**
 * Chooses and starts the tensor engine, and registers tfjs-core's gradients, which Node lacks.
 * Repeated calls are cheap.
 *
 * @throws {EngineError} BACKEND_MISSING if the backend's package is not installed, BACKEND_FAILED if it does not start.
 */
export async function initEngine(options: EngineOptions = {}): Promise<EngineInfo> {
  await import("./generated/gradients.js");
  const { backend = "auto" } = options;
  if (backend !== "auto") return start(backend, "asked for", options);
  const problem = await torchProblem();
  return problem === undefined
    ? start("torch", `${torchPackage} is installed`, options)
    : start("wasm", `${torchPackage} is ${problem}`, options);
}

/** Makes a backend current that the caller has registered with tfjs, with gradients and recomputation as for the engine's own. */
export async function initOwnBackend(name: string): Promise<void> {
  await import("./generated/gradients.js");
  if (!(await setBackend(name))) throw failed(name);
  registerFusedGradients();
  registerCheckpoint(name);
}

/** The reason why "auto" does not take torch; undefined if it does. */
async function torchProblem(): Promise<string | undefined> {
  if (!isInstalled(torchPackage)) return "not installed";
  try {
    await import(torchPackage);
    return undefined;
  } catch (error) {
    return `installed but does not load: ${(error as Error).message}`;
  }
}

async function start(backend: BackendName, reason: string, options: EngineOptions): Promise<EngineInfo> {
  const device = await starters[backend](options);
  registerFusedGradients();
  registerCheckpoint(backend);
  return { backend, reason, device };
}

/** Each loads a backend's package, makes it tfjs' current backend, and returns the device in words. */
const starters: Record<BackendName, (options: EngineOptions) => Promise<string>> = {
  async wasm({ fma = true }) {
    const { setWasmPaths } = await load<typeof import("@tensorflow/tfjs-backend-wasm")>(
      "@tensorflow/tfjs-backend-wasm",
    );
    if (!engine().findBackend("wasm")) {
      const main = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
      setWasmPaths(join(dirname(main), sep));
    }
    await withoutNewListeners(() => activate("wasm"));
    const { registerWasmKernels } = await import("./wasm/register.ts");
    const hasFma = await registerWasmKernels(fma);
    return `cpu, 1 thread, WebAssembly SIMD${hasFma ? " with fused multiply-add" : ""}`;
  },
  async torch({ device, gpu, threads }) {
    const torch = await load<TorchPackage>(torchPackage);
    if (threads !== undefined) torch.setTorchThreads(threads);
    const named = device === "cuda" && gpu !== undefined ? `cuda:${visibleGpu(gpu)}` : device;
    const chosen = named ?? (engine().backendName === "torch" ? torch.torchInfo().device : defaultDevice(torch, gpu));
    if (chosen !== torch.torchInfo().device) torch.setTorchDevice(chosen);
    await activate("torch");
    return torch.device;
  },
  async tensorflow() {
    const names = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"];
    const name = names.find(isInstalled) ?? "@tensorflow/tfjs-node";
    await load(name);
    await activate("tensorflow");
    return name === names[0] ? "libtensorflow, cuda" : "libtensorflow, cpu";
  },
};

const defaultDevice = (torch: TorchPackage, gpu = 0): string =>
  process.env.VIDEOR1_TORCH_DEVICE ?? (torch.torchInfo().cuda ? `cuda:${visibleGpu(gpu)}` : "cpu");

/** A launcher that shows each process its own GPU alone gives it the number 0 there. */
function visibleGpu(gpu: number): number {
  const visible = process.env.CUDA_VISIBLE_DEVICES;
  return visible !== undefined && !visible.includes(",") ? 0 : gpu;
}

export function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}

async function load<Module>(name: string): Promise<Module> {
  if (!isInstalled(name)) throw missing(name, 'or choose the backend "wasm", which needs nothing.');
  try {
    return (await import(name)) as Module;
  } catch (cause) {
    throw failed(name, cause);
  }
}

async function activate(backend: BackendName): Promise<void> {
  if (!(await setBackend(backend))) throw failed(backend);
}

/** Removes the listeners of tfjs' wasm loader, which rethrow uncaught errors below 20 KB of its source line. */
async function withoutNewListeners(start: () => Promise<void>): Promise<void> {
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const before = events.map((event) => process.listeners(event as "uncaughtException"));
  await start();
  for (const [i, event] of events.entries()) {
    for (const listener of process.listeners(event as "uncaughtException")) {
      if (!before[i]!.includes(listener)) process.removeListener(event, listener);
    }
  }
}

/** BACKEND_MISSING; `otherwise` is what to do without it. */
export function missing(name: string, otherwise: string): EngineError {
  return new EngineError("BACKEND_MISSING", {
    message: `The package ${name} is not installed`,
    hint: `Run \`npm install ${name}\`, ${otherwise}`,
    package: name,
  });
}

/** BACKEND_FAILED with the hint of `cause`, if it has one. */
export function failed(name: string, cause?: unknown): EngineError {
  const { message, hint } = (cause ?? {}) as { message?: string; hint?: string };
  return new EngineError(
    "BACKEND_FAILED",
    {
      message: `${name} is installed but did not start${message ? `: ${message}` : ""}`,
      hint: hint ?? 'See `cause` and the lines above; the backend "wasm" needs nothing installed.',
      backend: name,
    },
    { cause },
  );
}
