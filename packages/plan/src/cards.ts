/** What a run computes on. */
export interface Card {
  name: string;
  /** wasm: a processor whose memory each worker has for itself, as far as a module can address it. */
  kind: "gpu" | "processor" | "wasm";
  /** As nvidia-smi counts it, bytes; of a processor, the machine's. */
  memoryBytes: number;
  /** Bytes a second that it sends at most, by its data sheet; undefined: not known. */
  sends?: Sends | undefined;
}

export interface Sends {
  /** To the other cards of its machine: NVLink, or PCIe where the card has none. */
  inside: number;
  /** To other machines: its part of the network of NVIDIA's own machines with eight of them, or of one with 100 Gb/s for all. */
  outside: number;
}

const MiB = 2 ** 20;
const GB = 1e9;

interface Known extends Sends {
  /** As nvidia-smi shows it. */
  mebibytes: number;
}

/**
 * Memory, and what the data sheets say of one direction: NVLink 4 900 GB/s in both (H100 SXM, H200, H20), NVLink 3 600 (A100 SXM), PCIe 4
 * x16 64 (L40S, RTX 4090); a network adapter of 400 Gb/s a card in the DGX H100 and H200, of 200 in the DGX A100.
 */
const known: Readonly<Record<string, Known>> = {
  h200: { mebibytes: 143_771, inside: 450 * GB, outside: 50 * GB },
  "h100-80gb": { mebibytes: 81_559, inside: 450 * GB, outside: 50 * GB },
  h20: { mebibytes: 97_871, inside: 450 * GB, outside: 50 * GB },
  "a100-80gb": { mebibytes: 81_920, inside: 300 * GB, outside: 25 * GB },
  "a100-40gb": { mebibytes: 40_960, inside: 300 * GB, outside: 25 * GB },
  l40s: { mebibytes: 46_068, inside: 32 * GB, outside: 1.6 * GB },
  "rtx-4090": { mebibytes: 24_564, inside: 32 * GB, outside: 1.6 * GB },
};

/** A name that is none of the table's. */
export class UnknownCardError extends Error {
  override readonly name = "UnknownCardError";
  readonly code = "UNKNOWN_CARD";
  readonly hint =
    `Give one of ${Object.keys(known).join(", ")}, or its memory, such as 48GB; 8xh200 is a process on each of eight, 4x8xh200 ` +
    "four machines of eight; without a name it is this machine's.";

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
  const found = known[word];
  if (found === undefined) throw new UnknownCardError(name);
  return cardOf(word, found);
}

const cardOf = (name: string, { mebibytes, inside, outside }: Known): Card => ({
  name,
  kind: "gpu",
  memoryBytes: mebibytes * MiB,
  sends: { inside, outside },
});

/** A card of each rank: "8xh200" is eight cards of one machine, "4x8xh200" four such machines. @throws {UnknownCardError} */
export function cardsNamed(name: string): { card: Card; ranks: number; machines: number } {
  const [, machines, cards, card] = /^(?:(?:([1-9]\d*)x)?([1-9]\d*)x)?(.+)$/i.exec(name)!;
  const count = (text: string | undefined) => (text === undefined ? 1 : Number(text));
  return { card: cardNamed(card!), ranks: count(machines) * count(cards), machines: count(machines) };
}

/** The card of a line "name, MiB" of nvidia-smi; by its name of the table if it has one there. */
export function cardOfLine(line: string): Card | undefined {
  const [, reported, memory] = /^(.+), *(\d+)$/.exec(line.trim()) ?? [];
  if (reported === undefined) return undefined;
  const words = reported.toLowerCase();
  const isNamed = (card: string) => card.split("-").every((part) => new RegExp(`\\b${part}\\b`).test(words));
  const name = Object.keys(known).find(isNamed);
  const card = name === undefined ? undefined : cardOf(name, known[name]!);
  return { name: reported, kind: "gpu", ...card, memoryBytes: Number(memory) * MiB };
}
