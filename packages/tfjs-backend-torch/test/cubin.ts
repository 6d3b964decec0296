/** What a kernel takes of a multiprocessor. */
export interface KernelResources {
  name: string;
  registers: number;
  /** Bytes of a thread's stack: registers that are spilled, or arrays that are indexed. */
  stackBytes: number;
  sharedBytes: number;
}

const attributes = { frameSize: 0x11, registers: 0x2f };

/** The kernels of a cubin, an ELF file: the section .nv.info has what ptxas counted, .nv.shared.<kernel> is as long as its shared memory. */
export function kernelsOf(cubin: Buffer): KernelResources[] {
  const sections = sectionsOf(cubin);
  const of = (name: string) => sections.find((section) => section.name === name);
  const symbols = of(".symtab")!;
  const names = of(".strtab")!;
  const symbol = (index: number) => textAt(names.data, symbols.data.readUInt32LE(24 * index));
  const counted = new Map<string, { [attribute: number]: number }>();
  const { data } = of(".nv.info")!;
  for (let at = 0; at < data.length; at += 4 + (data[at] === 4 ? data.readUInt16LE(at + 2) : 0)) {
    if (data[at] !== 4 || data.readUInt16LE(at + 2) !== 8) continue; // a symbol and a number
    const name = symbol(data.readUInt32LE(at + 4));
    counted.set(name, { ...counted.get(name), [data[at + 1]!]: data.readUInt32LE(at + 8) });
  }
  return sections
    .filter(({ name }) => name.startsWith(".text."))
    .map(({ name }) => name.slice(".text.".length))
    .map((name) => ({
      name,
      registers: counted.get(name)![attributes.registers]!,
      stackBytes: counted.get(name)![attributes.frameSize]!,
      sharedBytes: of(`.nv.shared.${name}`)?.size ?? 0,
    }));
}

interface Section {
  name: string;
  size: number;
  data: Buffer;
}

function sectionsOf(file: Buffer): Section[] {
  const table = Number(file.readBigUInt64LE(0x28));
  const entry = file.readUInt16LE(0x3a);
  const headers = Array.from({ length: file.readUInt16LE(0x3c) }, (_, i) => file.subarray(table + i * entry));
  const places = headers.map((header) => ({
    nameAt: header.readUInt32LE(0),
    hasData: header.readUInt32LE(4) !== 8, // SHT_NOBITS
    offset: Number(header.readBigUInt64LE(0x18)),
    size: Number(header.readBigUInt64LE(0x20)),
  }));
  const names = places[file.readUInt16LE(0x3e)]!;
  return places.map(({ nameAt, hasData, offset, size }) => ({
    name: textAt(file, names.offset + nameAt),
    size,
    data: hasData ? file.subarray(offset, offset + size) : Buffer.alloc(0),
  }));
}

const textAt = (data: Buffer, at: number) => data.toString("latin1", at, data.indexOf(0, at));
