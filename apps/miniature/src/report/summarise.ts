import type { ScoreOptions } from "@videor1/tgrpo";
import { bonusEffect, isLiteral } from "./bonus-effect.ts";
import { type Curve, curves } from "./curves.ts";
import { type Fact, factsOf } from "./facts.ts";
import { type Figure, type Finding, figures, findings, type Headline, headline } from "./findings.ts";
import type { Run } from "./read-run.ts";
import { type TaskTable, taskTable } from "./task-table.ts";

/** Everything the page says in words and numbers. */
export interface Summary {
  headline: Headline;
  figures: Figure[];
  findings: Finding[];
  facts: Fact[];
  table: TaskTable;
  /** Only those that have a value somewhere. */
  curves: Curve[];
}

/**
 * The summary of a run. Pure.
 *
 * @param scoring - how the answers were scored in RL.
 * @param models - a label for each of the run's benches.
 * @param temporalTasks - tasks whose answers depend on frame order.
 */
export function summarise(
  run: Run,
  scoring: ScoreOptions,
  models: readonly string[],
  temporalTasks: ReadonlySet<string>,
): Summary {
  const table = taskTable(run.benches, models, temporalTasks);
  const drawn = curves(run).filter(
    ({ id, lines }) =>
      lines.some(({ raw }) => raw.some((value) => value !== null)) &&
      (id !== "temporal" || scoring.temporal.kind === "tgrpo"), // it is 0.5 throughout otherwise
  );
  const effect = scoring.temporal.kind === "none" ? null : bonusEffect(run.rollouts, scoring);
  return {
    headline: headline(table, run.rl.length),
    figures: figures(table, drawn),
    findings: findings(table, drawn, effect, isLiteral(scoring)),
    facts: factsOf(run, scoring),
    table,
    curves: drawn,
  };
}
