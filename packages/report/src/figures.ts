import type { Estimate } from "@videor1/statistics";
import { tenth } from "@videor1/statistics";
import type { Curve } from "./curve.ts";
import { percent, points } from "./format.ts";
import type { RlCurveId } from "./rl-series.ts";
import { mainRow, type TaskTable } from "./task-table.ts";

/** A number before and after RL, for the top of the page. */
export interface Figure {
  label: string;
  unit: string;
  about: string;
  /** One an arm. */
  rows: { arm: number; before: string; after: string }[];
}

/** The three numbers that the page is about; those that it has. */
export function figures(table: TaskTable | null, curves: readonly Curve[]): Figure[] {
  const steps = tenth(curves.find(({ stage }) => stage === "RL")!.steps.length);
  const when = `first and last ${steps} RL steps`;
  const shortcut = ofCurve(curves, "border", "Shortcut", `of thoughts lean on the border, ${when}`);
  const right = ofCurve(curves, "p", "Right answers", `to video questions of the training, ${when}`);
  return [...(table ? ofTable(table) : [right]), shortcut].filter(({ rows }) => rows.length > 0);
}

function ofTable(table: TaskTable): Figure[] {
  const { task, scores, orderGaps } = mainRow(table);
  const figure = (label: string, unit: string, about: string, values: readonly (Estimate | null)[], text = percent) => {
    const [sft, ...arms] = values;
    const rows = arms.flatMap((after, arm) =>
      sft && after ? [{ arm, before: text(sft.value), after: text(after.value) }] : [],
    );
    return { label, unit, about, rows };
  };
  return [
    figure("Score", "%", `${task}, after SFT and after RL`, scores),
    figure("Order gap", "points", "frames in order minus shuffled, same questions", orderGaps, points),
  ];
}

/** Both ends of a curve of shares. */
function ofCurve(curves: readonly Curve[], id: RlCurveId, label: string, about: string): Figure {
  const lines = curves.find((curve) => curve.id === id)?.lines ?? [];
  const rows = lines.flatMap(({ arm, first, last }) =>
    first === null || last === null ? [] : [{ arm, before: percent(first), after: percent(last) }],
  );
  return { label, unit: "%", about, rows };
}
