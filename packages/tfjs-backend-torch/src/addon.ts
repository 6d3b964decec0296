import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { TorchError } from "./errors.ts";
import { openblasCore } from "./openblas-core.ts";

/** Which of its instruction sets a processor's loops use, by the names of ATEN_CPU_CAPABILITY; "default" is every processor's. */
export type CpuCapability = "default" | "avx2" | "avx512";

/** What moves data between processes: Gloo for tensors of the CPU, NCCL for those of GPUs. */
export type CollectiveBackend = "gloo" | "nccl";

/** The exports of native/module.cc. A slot is the number of a tensor. */
export interface Addon {
  /** The arrays that carry the arguments of `run`; see native/call.h. */
  bind(ints: Int32Array, numbers: Float64Array): void;
  run(kernel: number): number;
  write(values: Float32Array | Int32Array | Uint8Array, dtype: number, rank: number): number;
  read(slot: number, into: Float32Array | Int32Array | Uint8Array): void;
  drop(slot: number): void;
  /** Number of tensors that use the storage of this one, itself included. */
  sharers(slot: number): number;
  /** Bytes of the live storages that kernels work on, or of those that are parked in the host's memory. */
  bytes(parked: boolean): number;
  setDevice(name: string): void;
  setThreads(count: number): void;
  setCpuCapability(name: string): void;
  checkNaN(on: boolean): void;
  info(): {
    builtFor: string;
    config: string;
    device: string;
    threads: number;
    cpuCapability: CpuCapability;
    cpuCapabilities: CpuCapability[];
    cuda: boolean;
    collectives: CollectiveBackend[];
  };
  kernels(): string[];
  /** [descriptor, CRC-32] of each file that writes were left pending for, once they are done, on a thread of Node's pool. */
  flush(): Promise<[descriptor: number, crc32: number][]>;
  /** A process group, at once; `groupReady` is its first operation. `port` -1: `host` is a file. */
  openGroup(
    host: string,
    port: number,
    isServer: boolean,
    prefix: string,
    rank: number,
    size: number,
    timeoutMs: number,
  ): object;
  groupReady(group: object): Promise<void>;
  groupGather(group: object, bytes: Uint8Array): Promise<Uint8Array[]>;
  groupAllToAll(group: object, output: number, input: number): Promise<void>;
  groupAllGather(group: object, output: number, input: number): Promise<void>;
  leaveGroup(group: object, reason: string): void;
  /** Tells the others that this process ends, and waits until they can know. */
  endGroup(group: object): void;
  /** Blocks until at most `left` operations have not ended; false if the group has failed. */
  groupWaitFor(group: object, left: number): boolean;
  /** Begins to record, or ends and tells. */
  profile(begin: boolean): OpTime[] | undefined;
  /** Begins to list, or ends and tells; see native/launches.h. */
  launches(begin: boolean, takesDeviceForms: boolean): { names: string[]; hostBytes: number } | undefined;
}

/** The time that one op or one kernel of the device took, all its calls together. */
export interface OpTime {
  name: string;
  /** A kernel of the GPU; else an op of the CPU, whose time is without that of the ops it calls. */
  onDevice: boolean;
  milliseconds: number;
  count: number;
}

/** The record that scripts/build.mjs writes beside the addon. */
interface BuildRecord {
  addon: string;
  torch: string;
  from: string;
}

const rebuild = "Run `npm rebuild @videor1/tfjs-backend-torch`; it compiles against the libtorch that is there now.";

/**
 * Loads the addon that scripts/build.mjs built, from VIDEOR1_TORCH_BUILD or the package's build/.
 *
 * @throws {TorchError} ADDON_MISSING if there is none; ADDON_MISMATCH if libtorch is not the one it was built for.
 */
export function loadAddon(): Addon {
  const folder = process.env.VIDEOR1_TORCH_BUILD ?? fileURLToPath(new URL("../build", import.meta.url));
  const record = join(folder, "current.json");
  if (!existsSync(record)) {
    throw new TorchError("ADDON_MISSING", {
      message: `The torch backend's addon is not built: no ${record}`,
      hint: `Get libtorch (\`pip install torch\` and LIBTORCH_USE_PYTORCH=1, or \`apt-get install libtorch-dev libopenblas0-pthread\`), then: ${rebuild}`,
    });
  }
  const built = JSON.parse(readFileSync(record, "utf8")) as BuildRecord;
  // OpenMP reads it when it is loaded. Otherwise its threads spin where OpenBLAS's own want to run: half the speed. In a
  // worker thread process.env is a copy that OpenMP does not see: set it in the main thread, as @videor1/train does.
  process.env.OMP_WAIT_POLICY ??= "passive";
  const core = existsSync("/proc/cpuinfo") ? openblasCore(readFileSync("/proc/cpuinfo", "utf8")) : undefined;
  if (core) process.env.OPENBLAS_CORETYPE ??= core; // read when OpenBLAS is loaded
  let addon: Addon;
  try {
    addon = createRequire(import.meta.url)(join(folder, built.addon)) as Addon;
  } catch (cause) {
    throw mismatch(`The addon built for torch ${built.torch} (${built.from}) does not load: ${String(cause)}`, cause);
  }
  const { builtFor, config } = addon.info();
  const running = config.match(/TORCH_VERSION=(\d+\.\d+\.\d+)/)?.[1];
  if (running !== undefined && minor(running) !== minor(builtFor)) {
    throw mismatch(`The addon was built for torch ${builtFor}, but torch ${running} was loaded`);
  }
  return addon;
}

const minor = (version: string) => version.split(".").slice(0, 2).join(".");

const mismatch = (message: string, cause?: unknown) =>
  new TorchError("ADDON_MISMATCH", { message, hint: rebuild }, { cause });
