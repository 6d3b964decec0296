import type { RandomStream } from "@videor1/random";

/**
 * Another order of a video's frames, as the list of ordered frames that it shows.
 *
 * reverse: the last first. reversePairs: the last pair first, each pair as it was, so that the model's temporal patches, of
 * two frames each, stay whole. shuffle: a random order.
 *
 * @throws {RangeError} If pairs are asked of an odd number of frames.
 */
export function frameOrder(
  kind: "reverse" | "reversePairs" | "shuffle",
  frames: number,
  stream: Pick<RandomStream, "permutation">,
): number[] {
  const backwards = Array.from({ length: frames }, (_, f) => frames - 1 - f);
  switch (kind) {
    case "reverse":
      return backwards;
    case "reversePairs":
      if (frames % 2 === 1) throw new RangeError(`frameOrder: ${frames} frames must be an even number to have pairs`);
      return backwards.map((frame) => frame ^ 1); // its neighbour in the pair
    case "shuffle":
      return stream.permutation(frames);
    default:
      return kind satisfies never;
  }
}
