import type { RandomStream } from "@videor1/random";

/** Bytes with a few of them changed, inserted, removed, repeated or cut off, as a seed says. */
export function mutate(bytes: Buffer, random: RandomStream): Buffer {
  let mutated = Buffer.from(bytes);
  for (let left = random.choice([1, 1, 1, 2, 4]); left > 0 && mutated.length > 0; left -= 1) {
    const at = random.int(mutated.length);
    const length = 1 + random.int(Math.min(64, mutated.length - at));
    const rest = mutated.subarray(at + length);
    const kind = random.int(7);
    if (kind === 0) mutated = mutated.subarray(0, at);
    else if (kind === 1) mutated = Buffer.concat([mutated.subarray(0, at), rest]);
    else if (kind === 2) mutated = Buffer.concat([mutated.subarray(0, at + length), mutated.subarray(at)]);
    else if (kind === 3) mutated = Buffer.concat([mutated.subarray(0, at), evil(random), rest]);
    else if (kind === 4) mutated.fill(random.choice([0, 0xff, 0x2f, 0x2e]), at, at + length);
    else for (let i = at; i < at + length; i += 1 + random.int(8)) mutated[i] = random.int(256);
  }
  return mutated;
}

const evil = (random: RandomStream): Buffer =>
  Buffer.from(
    random.choice(["../", "/../../x", "\\..\\", "C:", "\0", "/tmp/", "é\u0301", "\xff\xff\xff\xff", "99999999999"]),
    "latin1",
  );

/** A tar whose headers have the sums that they should have, so that what is changed in them is read. */
export function mendSums(tar: Buffer): Buffer {
  for (let at = 0; at + 512 <= tar.length; at += 512) {
    const header = tar.subarray(at, at + 512);
    if (header.toString("latin1", 257, 262) !== "ustar") continue;
    header.fill(" ", 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  }
  return tar;
}
