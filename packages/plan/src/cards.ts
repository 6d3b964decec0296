/** What a run computes on. */
export interface Card {
  name: string;
  /** wasm: a processor whose memory each worker has for itself, as far as a module can address it. */
  kind: "gpu" | "processor" | "wasm";
  /** As nvidia-smi counts it, bytes; of a processor, the machine's. */
  memoryBytes: number;
}

const MiB = 2 ** 20;

/** MiB as nvidia-smi shows them. */
const known: Readonly<Record<string, number>> = {
  h200: 143_771,
  "h100-80gb": 81_559,
  "a100-80gb": 81_920,
  "a100-40gb": 40_960,
  l40s: 46_068,
  "rtx-4090": 24_564,
};

/** A name that is none of the table's. */
export class UnknownCardError extends Error {
  override readonly name = "UnknownCardError";
  readonly code = "UNKNOWN_CARD";
  readonly hint =
    `Give one of ${Object.keys(known).join(", ")}, or its memory, such as 48GB; without a name it is this machine's.`;

  constructor(card: string) {
    super(`No card is named "${card}"`);
  }
}

/**
 * A card by its name, or one of so much memory: "h200", "48GB".
 *
 * @throws {UnknownCardError}
 */
export function cardNamed(name: string): Card {
  const word = name.toLowerCase();
  const gigabytes = /^(\d+(?:\.\d+)?)gb$/.exec(word)?.[1];
  if (gigabytes !== undefined)
    return { name: `a card of ${gigabytes} GB`, kind: "gpu", memoryBytes: Number(gigabytes) * 1e9 };
  const memory = known[word];
  if (memory === undefined) throw new UnknownCardError(name);
  return { name: word, kind: "gpu", memoryBytes: memory * MiB };
}

/** The card of a line "name, MiB" of nvidia-smi; by its name of the table if it has one there. */
export function cardOfLine(line: string): Card | undefined {
  const [, reported, memory] = /^(.+), *(\d+)$/.exec(line.trim()) ?? [];
  if (reported === undefined) return undefined;
  const words = reported.toLowerCase();
  const name = Object.keys(known).find((card) => card.split("-").every((part) => words.includes(part)));
  return { name: name ?? reported, kind: "gpu", memoryBytes: Number(memory) * MiB };
}
