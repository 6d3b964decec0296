/** Images or videos: the id of their placeholder token, and how many features they have together. */
export interface Placeholder {
  tokenId: number;
  features: number;
}

/**
 * Row of each token's embedding in the table [text tokens; features of kind 0; features of kind 1; ...], each part in
 * order of appearance. A masked placeholder is a text token. With I for images and V for videos:
 *
 *     tokens     a  I  I  b  V  c
 *     table      a  b  c | I0 I1 | V0
 *     source     0  3  4  1  5  2
 *
 * @param inputIds - [n]
 * @param attentionMask - [n]
 * @returns textIds, the ids of the table's first part, and source [n], rows of the table.
 */
export function embeddingSource(
  { inputIds, attentionMask }: { inputIds: Int32Array; attentionMask: Int32Array },
  kinds: readonly Placeholder[],
): { textIds: Int32Array; source: Int32Array } {
  const textIds: number[] = [];
  const kindOf = inputIds.map((id, i) => (attentionMask[i] ? kinds.findIndex(({ tokenId }) => tokenId === id) : -1));
  for (const [i, kind] of kindOf.entries()) if (kind < 0) textIds.push(inputIds[i]!);

  const nextFeature: number[] = []; // per kind: the table's row of its next feature
  let row = textIds.length;
  for (const { features } of kinds) {
    nextFeature.push(row);
    row += features;
  }
  let nextText = 0;
  const source = new Int32Array(inputIds.length);
  for (const [i, kind] of kindOf.entries()) {
    if (kind < 0) {
      source[i] = nextText;
      nextText += 1;
    } else {
      source[i] = nextFeature[kind]!;
      nextFeature[kind]! += 1;
    }
  }
  return { textIds: Int32Array.from(textIds), source };
}
