/** An entry that was not unpacked, and why. */
export interface Refusal {
  entry: string;
  code: string;
  reason: string;
}

/** How often an archive's entries ended in which way; every entry ends once. */
export interface Tally {
  entries: number;
  /** Files written. */
  files: number;
  /** Files that were there, with the same content. */
  kept: number;
  folders: number;
  links: number;
  /** Entries whose name has no more parts than are left out. */
  stripped: number;
  refused: number;
  /** Of the files written. */
  bytes: number;
  /** The first thousand. */
  refusals: Refusal[];
}

export const emptyTally = (): Tally => ({
  entries: 0,
  files: 0,
  kept: 0,
  folders: 0,
  links: 0,
  stripped: 0,
  refused: 0,
  bytes: 0,
  refusals: [],
});
