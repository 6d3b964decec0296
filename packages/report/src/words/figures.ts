import { percent } from "@videor1/cli";
import { type Estimate, tenth } from "@videor1/statistics";
import type { Curve } from "../curves/curve.ts";
import type { NotedFigure } from "../notes.ts";
import { mainRow, type TaskTable } from "../tables/task-table.ts";
import { points } from "./format.ts";

/** A number before and after RL, for the top of the page. */
export interface Figure {
  label: string;
  unit: string;
  about: string;
  /** One an arm. */
  rows: { arm: number; before: string; after: string }[];
}

/** The figures at the top of the page; one without numbers is left out. */
export function figures(table: TaskTable | null, curves: readonly Curve[], noted: readonly NotedFigure[]): Figure[] {
  const steps = tenth(curves.find(({ stage }) => stage === "RL")!.steps.length);
  const when = `first and last ${steps} RL steps`;
  const p = curves.find(({ id }) => id === "p");
  return [
    ...(table ? ofTable(table) : [ofCurve(p, "p", `to video questions of the training, ${when}`)]),
    ...noted.map(({ label, about, curve }) =>
      ofCurve(
        curves.find(({ id }) => id === curve),
        label,
        `${about}, ${when}`,
      ),
    ),
  ].filter(({ rows }) => rows.length > 0);
}

function ofTable(table: TaskTable): Figure[] {
  const { task, scores, orderGaps } = mainRow(table);
  const figure = (label: string, unit: string, about: string, values: readonly (Estimate | null)[], text = percent) => {
    const [sft, ...arms] = values;
    const rows = arms.flatMap((after, arm) =>
      sft && after ? [{ arm, before: text(sft.mean), after: text(after.mean) }] : [],
    );
    return { label, unit, about, rows };
  };
  return [
    figure("Score", "%", `${task}, after SFT and after RL`, scores),
    figure("Order gap", "points", "frames in order minus shuffled, same questions", orderGaps, points),
  ];
}

/** Both ends of a curve of shares. */
function ofCurve(curve: Curve | undefined, label: string, about: string): Figure {
  const rows = (curve?.lines ?? []).flatMap(({ arm, first, last }) =>
    first === null || last === null ? [] : [{ arm, before: percent(first), after: percent(last) }],
  );
  return { label, unit: "%", about, rows };
}
