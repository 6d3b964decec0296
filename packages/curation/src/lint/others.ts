import { askedKey } from "./asked-key.ts";
import { type LintRecord, plainPath } from "./lint-record.ts";
import { textKey } from "./text-key.ts";

/** Another data set that this one must not share anything with. */
export interface Other {
  name: string;
  /** "split": held back from the same data. "benchmark": its files have other folders, and its records other ids. */
  kind: "split" | "benchmark";
}

/** The other data sets, of which hashes alone are held. */
export interface Others {
  readonly names: readonly Other[];
  add(other: Other, record: LintRecord): void;
  /** The other data set that has this id, file, name of a file, or question with its options and gold. */
  withId(id: number | string): Other | undefined;
  withPath(path: string): Other | undefined;
  withFileName(path: string): Other | undefined;
  withQuestion(record: LintRecord): Other | undefined;
}

/** Names of files below this length, or of digits alone, are given by chance: "1.mp4", "video_12.mp4" has nine. */
const shortest = 8;

/** The name of a file without folders and ending, if it is one that is not given by chance. */
export function telltaleName(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
  return name.length >= shortest && /\p{L}/u.test(name) && !/^[a-z]+[-_ ]?\d+$/i.test(name) ? name : undefined;
}

/** Questions of fewer characters are asked everywhere: "What is happening?" */
const shortestQuestion = 30;

const saidKey = (record: LintRecord): number =>
  textKey(`${askedKey(record)}\n${record.choices[record.goldAt]?.plain ?? record.gold.toLowerCase()}`);

export function createOthers(): Others {
  const names: Other[] = [];
  const [ids, paths, files, questions] = Array.from({ length: 4 }, () => new Map<number, number>());
  const numberOf = (other: Other) => {
    const at = names.findIndex(({ name }) => name === other.name);
    return at < 0 ? names.push(other) - 1 : at;
  };
  const find = (map: ReadonlyMap<number, number> | undefined, key: number) => names[map?.get(key) ?? -1];
  return {
    names,
    add(other, record) {
      const number = numberOf(other);
      const isSplit = other.kind === "split";
      if (isSplit && record.id !== undefined) ids!.set(textKey(String(record.id)), number);
      for (const path of pathsOf(record)) {
        if (isSplit) paths!.set(textKey(path), number);
        const name = telltaleName(path);
        if (name !== undefined) files!.set(textKey(name), number);
      }
      if (isTelling(record)) questions!.set(saidKey(record), number);
    },
    withId: (id) => find(ids, textKey(String(id))),
    withPath: (path) => find(paths, textKey(plainPath(path))),
    withFileName(path) {
      const name = telltaleName(path);
      return name === undefined ? undefined : find(files, textKey(name));
    },
    withQuestion: (record) => (isTelling(record) ? find(questions, saidKey(record)) : undefined),
  };
}

const isTelling = (record: LintRecord): boolean =>
  record.problem.length + record.choices.reduce((sum, { text }) => sum + text.length, 0) >= shortestQuestion;

/** The files of a record's media, as they are compared. */
export const pathsOf = ({ media }: LintRecord): string[] => media.flatMap(({ path }) => [path].flat().map(plainPath));
