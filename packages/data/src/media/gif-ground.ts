/**
 * The colour of a GIF's transparent or uncovered pixels in its first frame: that of the transparent index, else of index 0.
 *
 * @param gif - The file's bytes.
 * @returns Red, green and blue; white if the file has no colour table.
 * @see python-pillow 13.0 GifImagePlugin.py `load_prepare`
 */
export function gifGround(gif: Uint8Array): [red: number, green: number, blue: number] {
  const flags = gif[10] ?? 0;
  const globalTable = tableBytes(flags);
  let position = 13 + globalTable;
  let table = globalTable > 0 ? 13 : undefined;
  let index = 0;
  while (gif[position] === 0x21) {
    const isControl = gif[position + 1] === 0xf9;
    if (isControl && (gif[position + 3] ?? 0) & 1) index = gif[position + 6] ?? 0;
    position += 2;
    while ((gif[position] ?? 0) > 0) position += 1 + gif[position]!;
    position += 1;
  }
  if (gif[position] === 0x2c && tableBytes(gif[position + 9] ?? 0) > 0) table = position + 10;
  if (table === undefined) return [255, 255, 255];
  const [red = 255, green = 255, blue = 255] = gif.subarray(table + 3 * index, table + 3 * index + 3);
  return [red, green, blue];
}

/** Bytes of the colour table that the flags announce. */
function tableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}
