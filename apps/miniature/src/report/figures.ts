import type { Estimate } from "@videor1/eval";
import type { Curve } from "./curves.ts";
import { percent, points } from "./format.ts";
import { tenth } from "./smooth.ts";
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
export function figures(table: TaskTable, curves: readonly Curve[]): Figure[] {
  const { task, scores, orderGaps } = mainRow(table);
  const figure = (label: string, unit: string, about: string, values: readonly (Estimate | null)[], text = percent) => {
    const [sft, ...arms] = values;
    const rows = arms.flatMap((after, arm) =>
      sft && after ? [{ arm, before: text(sft.value), after: text(after.value) }] : [],
    );
    return { label, unit, about, rows };
  };
  const border = curves.find(({ id }) => id === "border");
  const shortcut: Figure | null = border
    ? {
        label: "Shortcut",
        unit: "%",
        about: `of thoughts lean on the border, first and last ${tenth(border.steps.length)} RL steps`,
        rows: border.lines.flatMap(({ arm, first, last }) =>
          first === null || last === null ? [] : [{ arm, before: percent(first), after: percent(last) }],
        ),
      }
    : null;
  return [
    figure("Score", "%", `${task}, after SFT and after RL`, scores),
    figure("Order gap", "points", "frames in order minus shuffled, same questions", orderGaps, points),
    shortcut,
  ].filter((found) => found !== null && found.rows.length > 0) as Figure[];
}
