import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statfsSync, statSync } from "node:fs";
import { totalmem } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { EngineOptions } from "@videor1/train";
import { type Card, cardOfLine, cardsNamed } from "./cards.ts";

/** What a run is planned for. */
export interface Machine {
  card: Card;
  /** Processes of the run, each on a card of its own; default 1. */
  ranks?: number | undefined;
  /** Machines that the ranks are on, as many on each; default 1. */
  machines?: number | undefined;
  /** Memory of the host, bytes; undefined: not known. */
  hostBytes?: number | undefined;
  /** Bytes that a run's folder may still grow by; undefined: not known. */
  diskBytes?: number | undefined;
}

/** The part of a config that says where a run computes, and where it writes. */
export interface Place {
  engine: Pick<EngineOptions, "backend" | "device">;
  outputDir: string;
}

/** What a wasm module can address. */
const wasmBytes = 2 ** 32;

/** This machine as a run finds it, or one with named cards, of which nothing else is known. @throws {UnknownCardError} */
export function machineFor({ engine, outputDir }: Place, card?: string): Machine {
  if (card !== undefined) return cardsNamed(card);
  const hostBytes = hostMemory();
  return { card: cardHere(engine, { hostBytes, queryGpus }), hostBytes, diskBytes: freeDisk(outputDir) };
}

/**
 * What the engine of a config computes on here: the GPU that nvidia-smi names, unless the config rules it out, else the processor.
 *
 * @param queryGpus - lines "name, MiB", one a GPU; undefined where there is none.
 */
export function cardHere(
  { backend, device }: Place["engine"],
  { hostBytes, queryGpus }: { hostBytes: number; queryGpus: () => string | undefined },
): Card {
  if (backend === "wasm") return { name: "wasm", kind: "wasm", memoryBytes: Math.min(wasmBytes, hostBytes) };
  const gpu = Number(/^cuda:(\d+)$/.exec(device ?? "")?.[1] ?? 0);
  const mayBe = device !== "cpu" && backend !== "tensorflow";
  const line = mayBe ? queryGpus()?.trim().split("\n")[gpu] : undefined;
  return (line && cardOfLine(line)) || { name: "this processor", kind: "processor", memoryBytes: hostBytes };
}

function queryGpus(): string | undefined {
  const query = ["--query-gpu=name,memory.total", "--format=csv,noheader,nounits"];
  try {
    const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"];
    return execFileSync("nvidia-smi", query, { encoding: "utf8", stdio, timeout: 10_000 });
  } catch {
    return undefined;
  }
}

/** Memory of the machine, or of the container that the process runs in. */
function hostMemory(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/**
 * Bytes by which the files of a run may grow: what is free on the disk of its folder, and what its own checkpoints hold, which
 * new ones replace. Undefined where the system does not say.
 */
function freeDisk(folder: string): number | undefined {
  let existing = resolve(folder);
  while (!existsSync(existing)) existing = dirname(existing);
  try {
    const { bavail, bsize } = statfsSync(existing);
    return bavail * bsize + bytesBelow(join(folder, "checkpoints"));
  } catch {
    return undefined;
  }
}

function bytesBelow(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((total, { parentPath, name }) => total + statSync(join(parentPath, name)).size, 0);
}
