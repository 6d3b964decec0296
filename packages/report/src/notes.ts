import type { Curve } from "./curves/curve.ts";
import type { Rollouts } from "./read/run-schema.ts";
import type { Arm } from "./read/study.ts";
import type { TaskTable } from "./tables/task-table.ts";
import type { Finding } from "./words/finding.ts";

/** The part of a report that depends on the data set, from its app. Without notes a report names no data set. */
export interface ReportNotes extends PageNotes {
  /** Tasks whose answers depend on the order of the frames; without this list tasks are not split by that. */
  temporalTasks?: readonly string[];
  /** Further properties of groups, to filter the rollouts by. */
  traits?: readonly NotedTrait[];
  /** Further curves over the steps of RL, made from the rollouts. */
  curves?: readonly NotedCurve[];
  /** Further numbers for the top of the page: both ends of a curve. */
  figures?: readonly NotedFigure[];
  /** Further findings, made from the page's numbers. */
  findings?: (shown: Shown) => Finding[];
}

/** Words for the page. */
export interface PageNotes {
  /** A shortcut past the order of the frames: "the border", "that often gives the answer away". */
  shortcut?: { name: string; about: string };
  /** A clause about the held-back questions: "whose border carries no information". */
  heldBack?: string;
  glossary?: readonly { term: string; text: string }[];
  /** Words to mark in the answers, in any case, and the title of each mark. */
  markWords?: readonly MarkedWord[];
  /** Limits of the numbers: each completes "What this does not show". */
  caveats?: readonly string[];
}

export interface MarkedWord {
  word: string;
  about: string;
}

export interface NotedTrait {
  name: string;
  has(group: Rollouts): boolean;
}

export interface NotedCurve extends Pick<Curve, "title" | "about" | "unit"> {
  /** None of the report's own ids. */
  id: string;
  /** The value of a step from its groups; null where they have none. */
  value(groups: readonly Rollouts[]): number | null;
}

export interface NotedFigure {
  label: string;
  /** ", first and last 5 RL steps" follows it. */
  about: string;
  /** Id of a curve of shares. */
  curve: string;
}

/** The numbers of a page, for findings. */
export interface Shown {
  arms: readonly Arm[];
  /** null if the arms were not evaluated. */
  table: TaskTable | null;
  curves: readonly Curve[];
}
