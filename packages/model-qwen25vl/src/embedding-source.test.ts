import { expect, test } from "vitest";
import { embeddingSource } from "./embedding-source.ts";

const [a, b, c, I, V] = [1, 2, 3, 8, 9] as const;
const kinds = [
  { tokenId: I, features: 2 },
  { tokenId: V, features: 1 },
];
const source = (ids: number[], mask = ids.map(() => 1), given = kinds) => {
  const result = embeddingSource({ inputIds: Int32Array.from(ids), attentionMask: Int32Array.from(mask) }, given);
  return { textIds: [...result.textIds], source: [...result.source] };
};

test("the example of the docstring", () => {
  expect(source([a, I, I, b, V, c])).toEqual({ textIds: [a, b, c], source: [0, 3, 4, 1, 5, 2] });
});

test("a video before the images", () => {
  expect(source([V, a, I, I])).toEqual({ textIds: [a], source: [3, 0, 1, 2] });
});

test("a masked placeholder is a text token, as is one of a kind that is not there", () => {
  expect(source([I, a, I, I], [0, 1, 1, 1])).toEqual({ textIds: [I, a], source: [0, 1, 2, 3] });
  expect(source([a, V], [1, 1], [])).toEqual({ textIds: [a, V], source: [0, 1] });
});
