import { splitEvenly } from "./split-evenly.ts";

/** The part that each of `count` places falls into when a full batch is split evenly. */
export const partsOfPlaces = (count: number, parts: number): number[] =>
  splitEvenly([...Array(count).keys()], parts).flatMap((places, part) => places.map(() => part));
