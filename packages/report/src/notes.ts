import type { Curve } from "./curve.ts";
import type { Finding } from "./findings.ts";
import type { Rollouts } from "./run-schema.ts";
import type { Arm } from "./study.ts";
import type { TaskTable } from "./task-table.ts";

/** What whoever knows the data set adds to a report of runs on it. Without notes a report speaks of no data set. */
export interface ReportNotes extends PageNotes {
  /** Tasks whose answers depend on the order of the frames. Without them tasks are not told apart by that. */
  temporalTasks?: readonly string[];
  /** Further properties of groups, to filter the rollouts by. */
  traits?: readonly NotedTrait[];
  /** Further curves over the steps of RL, made from the rollouts. */
  curves?: readonly NotedCurve[];
  /** Further numbers for the top of the page: both ends of a curve. */
  figures?: readonly NotedFigure[];
  /** Further findings, made from what the page shows. */
  findings?: (shown: Shown) => Finding[];
}

/** Words for the page. */
export interface PageNotes {
  /** What a model may go by instead of the order of the frames: "the border", "that often gives the answer away". */
  shortcut?: { name: string; about: string };
  /** What is special about the held-back questions: "whose border carries no information". */
  heldBack?: string;
  glossary?: readonly { term: string; text: string }[];
  /** Words that are marked in the answers, whatever their case, and what a mark says. */
  markWords?: readonly MarkedWord[];
  /** What the numbers do not show. */
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
  /** Unlike those of the report's own curves. */
  id: string;
  /** The value of a step from its groups; null where they have none. */
  value(groups: readonly Rollouts[]): number | null;
}

export interface NotedFigure {
  label: string;
  /** Goes on with "first and last 5 RL steps". */
  about: string;
  /** Id of a curve of shares. */
  curve: string;
}

/** What findings are made from. */
export interface Shown {
  arms: readonly Arm[];
  /** Null where the arms were not evaluated. */
  table: TaskTable | null;
  curves: readonly Curve[];
}
