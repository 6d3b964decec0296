import { registerBackend } from "@tensorflow/tfjs-core";
import { type Addon, type CollectiveBackend, type CpuCapability, loadAddon, type OpTime } from "./addon.ts";
import { TorchBackend } from "./backend.ts";
import { TorchError } from "./errors.ts";
import { registerKernels } from "./kernels/index.ts";

export type { CollectiveBackend, CpuCapability, OpTime } from "./addon.ts";
export type { TorchBackend } from "./backend.ts";
export {
  type CudaKernelGroup,
  compareCudaKernels,
  cudaKernelGroups,
  isEqualToAten,
  type KernelComparison,
  setCudaVerdict,
} from "./cuda-kernels.ts";
export { TorchError } from "./errors.ts";
export {
  type GroupStore,
  openProcessGroup,
  type ProcessGroup,
  ProcessGroupError,
  type ProcessGroupErrorCode,
  type ProcessGroupOptions,
} from "./process-group.ts";

const addon = loadAddon();
const backend = new TorchBackend(addon);

/** The device in words: "cpu, 2 threads, torch 2.6.0, avx512", "cuda:0, torch 2.6.0". */
export let device: string;

interface TorchInfo {
  /** Version of the libtorch that the addon was built for. */
  version: string;
  device: string;
  threads: number;
  /** The instruction set of the loops that are this package's own. */
  cpuCapability: CpuCapability;
  /** All that this processor and this build have, the plainest first. */
  cpuCapabilities: CpuCapability[];
  /** Whether this libtorch can use a GPU of this machine. */
  cuda: boolean;
  /** What process groups can use in this build; none where libtorch has no c10d. */
  collectives: CollectiveBackend[];
}

export function torchInfo(): TorchInfo {
  const { builtFor, config: _, ...facts } = addon.info();
  return { version: builtFor, ...facts };
}

/**
 * Sets the device of new tensors: "cpu", "cuda", "cuda:1". Call it before the first tensor; default VIDEOR1_TORCH_DEVICE, else "cpu".
 *
 * @throws {TorchError} BAD_DEVICE if there is no such device, or tensors exist already.
 */
export function setTorchDevice(name: string): void {
  if (name !== addon.info().device) {
    if (backend.numDataIds() > 0) {
      throw badDevice(name, `${backend.numDataIds()} tensors live on ${addon.info().device} already`);
    }
    try {
      addon.setDevice(name);
    } catch (cause) {
      throw badDevice(name, (cause as Error).message.split("\n")[0]!, cause);
    }
  }
  describeDevice();
}

/** Sets the threads of one op on the CPU; the default is libtorch's, which obeys OMP_NUM_THREADS. */
export function setTorchThreads(count: number): void {
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`setTorchThreads: ${count} is not a number of threads`);
  addon.setThreads(count);
  describeDevice();
}

/**
 * Sets the instruction set of this package's own loops on the CPU, for all threads of the process, to see what another
 * processor would do; the default is VIDEOR1_TORCH_CPU_CAPABILITY, else the best that there is. ATen's kernels obey
 * ATEN_CPU_CAPABILITY, and BLAS libraries variables of their own. Results differ in the rounding of float32.
 *
 * @throws {TorchError} BAD_CPU_CAPABILITY if the processor or the build lacks it.
 */
export function setTorchCpuCapability(name: CpuCapability): void {
  try {
    addon.setCpuCapability(name);
  } catch (cause) {
    const { cpuCapabilities } = addon.info();
    throw new TorchError(
      "BAD_CPU_CAPABILITY",
      {
        message: `The torch backend's loops cannot use "${name}": this processor and this build have ${cpuCapabilities.join(", ")}`,
        hint: "Set VIDEOR1_TORCH_CPU_CAPABILITY to one of these, or unset it for the best.",
      },
      { cause },
    );
  }
  describeDevice();
}

/**
 * Runs `work` under torch's own profiler. Ops of the CPU are those of the thread that calls this, ours by the kernel's name
 * and ATen's as `aten::mm`; on a GPU the kernels are recorded too, also those of a captured graph.
 *
 * @returns The ops by time, longest first.
 */
export async function profileTorch(work: () => unknown): Promise<OpTime[]> {
  addon.profile(true);
  let times: OpTime[] | undefined;
  try {
    await work();
  } finally {
    times = addon.profile(false);
  }
  return times!.sort((a, b) => b.milliseconds - a.milliseconds);
}

/**
 * Lists what the ops of `work` enqueue on a device, in order: `aten::mm`, kernels of our own as `cuda::name`, and `host write`. A
 * step of a decode session is behind `token/`, its layers behind `token/layer/`, and each begins with its path alone; a step that
 * is replayed from a graph is not listed.
 * Where there is no GPU, VIDEOR1_TORCH_REHEARSE_CUDA makes a session run, on the CPU, the ops that it would enqueue there.
 */
export async function torchLaunches(work: () => unknown): Promise<string[]> {
  return (await listLaunches(work, false)).names;
}

/** What a pass would ask a device to do. */
export interface Launches {
  /** By the op that launches them, as `aten::mm`. */
  kernels: { name: string; count: number }[];
  /** Arrays that go from the host's memory to the device, and their bytes. */
  hostWrites: number;
  hostBytes: number;
}

/**
 * Counts the kernels that `work` would launch on a GPU, and its writes from the host, without one: on tensors of the CPU the
 * ops of training take the forms that they have on CUDA. Views and memory count nothing, an op of ATen one kernel, or as many as
 * CUDA's has; what CUDA alone has is computed by the CPU's loops. Ops of the thread that calls this count.
 */
export async function countLaunches(work: () => unknown): Promise<Launches> {
  const { names, hostBytes } = await listLaunches(work, true);
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const hostWrites = counts.get("host write") ?? 0;
  counts.delete("host write");
  return { kernels: Array.from(counts, ([name, count]) => ({ name, count })), hostWrites, hostBytes };
}

async function listLaunches(work: () => unknown, takesDeviceForms: boolean) {
  addon.launches(true, takesDeviceForms);
  let listed: ReturnType<Addon["launches"]>;
  try {
    await work();
  } finally {
    listed = addon.launches(false, false);
  }
  return listed!;
}

/** Turns the NaN check on or off: an op whose result holds a NaN throws a TorchError NAN. It reads every result; default off. */
export function setTorchNaNCheck(on: boolean): void {
  addon.checkNaN(on);
}

function describeDevice(): void {
  const { version, device: name, threads, cpuCapability } = torchInfo();
  device =
    name === "cpu"
      ? `cpu, ${threads} thread${threads === 1 ? "" : "s"}, torch ${version}, ${cpuCapability}`
      : `${name}, torch ${version}`;
}

const badDevice = (name: string, why: string, cause?: unknown) =>
  new TorchError(
    "BAD_DEVICE",
    {
      message: `The torch device "${name}" cannot be used: ${why}`,
      hint: 'Choose "cpu", or "cuda:N" before the first tensor.',
    },
    { cause },
  );

const { VIDEOR1_TORCH_DEVICE, VIDEOR1_TORCH_THREADS, VIDEOR1_TORCH_CPU_CAPABILITY } = process.env;
if (VIDEOR1_TORCH_CPU_CAPABILITY) setTorchCpuCapability(VIDEOR1_TORCH_CPU_CAPABILITY as CpuCapability);
if (VIDEOR1_TORCH_THREADS) setTorchThreads(Number(VIDEOR1_TORCH_THREADS));
setTorchDevice(VIDEOR1_TORCH_DEVICE ?? "cpu");
registerBackend("torch", () => backend);
registerKernels();
