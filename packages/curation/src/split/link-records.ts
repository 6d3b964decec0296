import { posix } from "node:path";
import { type Example, mediaOf } from "@videor1/data";
import { createDisjointSets, type DisjointSets } from "./disjoint-sets.ts";
import { questionText } from "./question-text.ts";

/** Joins records that share something, so that a split can keep them together. */
export interface RecordLinks {
  sets: DisjointSets;
  /** Adds a record; returns its number, from 0. It is joined with those of the same id or of a common media path. */
  add(example: Example): number;
  /** The media paths of all records, each once, and one number of a record that has it. */
  paths: ReadonlyMap<string, number>;
  /** Joins all records whose media at these paths, as `paths` has them, have the same content by its hash. */
  joinContent(path: string, hash: string): void;
  /** Joins frames that are named one by one with the records that name their folder; after the last record. */
  joinFolders(): void;
}

/** @param text - Also join records that ask the same question, see `questionText`. */
export function createRecordLinks({ text }: { text: boolean }): RecordLinks {
  const sets = createDisjointSets();
  const owners = new Map<string, number>();
  const paths = new Map<string, number>();
  const folders = new Map<string, number>();
  const link = (map: Map<string, number>, key: string, record: number) => {
    const owner = map.get(key);
    if (owner === undefined) map.set(key, record);
    else sets.join(owner, record);
  };
  return {
    sets,
    paths,
    add(example) {
      const record = sets.add();
      link(owners, `id ${example.problemId}`, record);
      if (text) link(owners, `text ${questionText(example)}`, record);
      for (const { path } of mediaOf(example))
        for (const file of [path].flat().map((file) => posix.normalize(file).replace(/\/$/, ""))) {
          link(paths, file, record);
          if (Array.isArray(path)) folders.set(posix.dirname(file), record);
        }
      return record;
    },
    joinContent(path, hash) {
      link(owners, `content ${hash}`, paths.get(path)!);
    },
    joinFolders() {
      for (const [folder, record] of folders) {
        const owner = paths.get(folder);
        if (owner !== undefined) sets.join(owner, record);
      }
    },
  };
}
