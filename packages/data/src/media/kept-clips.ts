interface Frames {
  rgb: Uint8Array;
}

const kept = new Map<string, Frames>();
let bytes = 0;

/**
 * The clip of a key, decoded once in this process as long as all that is kept takes at most `most` bytes; the first come stay.
 * Every caller owns its pixels.
 *
 * @param decode - Called where the clip is not kept. What it throws is thrown, and nothing is kept.
 */
export async function keptClip<Clip extends Frames>(
  key: string,
  most: number,
  decode: () => Promise<Clip>,
): Promise<Clip> {
  const found = kept.get(key) as Clip | undefined;
  if (found) return { ...found, rgb: found.rgb.slice() };
  const clip = await decode();
  if (!kept.has(key) && bytes + clip.rgb.length <= most) {
    kept.set(key, { ...clip, rgb: clip.rgb.slice() });
    bytes += clip.rgb.length;
  }
  return clip;
}
