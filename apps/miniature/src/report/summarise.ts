import { bonusEffect, isLiteral } from "./bonus-effect.ts";
import { contrastByThought } from "./contrast-by-thought.ts";
import { type Curve, curves } from "./curves.ts";
import { type Fact, factsOf } from "./facts.ts";
import { type Figure, figures } from "./figures.ts";
import { type ArmEffect, type Finding, findings } from "./findings.ts";
import { type Headline, headline } from "./headline.ts";
import { objective } from "./objective.ts";
import type { Study } from "./study.ts";
import { type TaskTable, taskTable } from "./task-table.ts";

/** Everything the page says in words and numbers. */
export interface Summary {
  /** What each arm rewards. */
  arms: { name: string; objective: string }[];
  headline: Headline;
  figures: Figure[];
  findings: Finding[];
  facts: Fact[];
  table: TaskTable;
  curves: Curve[];
}

/**
 * The summary of a study. Pure.
 *
 * @param temporalTasks - tasks whose answers depend on frame order.
 */
export function summarise(study: Study, temporalTasks: ReadonlySet<string>): Summary {
  const { arms, benches } = study;
  const table = taskTable(benches, ["SFT", ...arms.map(({ name }) => name)], temporalTasks);
  const drawn = curves(study);
  const effects = arms.map(({ runs }): ArmEffect | null => {
    const { scoring } = runs[0]!;
    if (scoring.temporal.kind === "none") return null;
    const rollouts = runs.flatMap((run) => run.rollouts);
    return {
      effect: bonusEffect(rollouts, scoring),
      isLiteral: isLiteral(scoring),
      contrast: contrastByThought(rollouts),
    };
  });
  const steps = new Set(arms.flatMap(({ runs }) => runs.map((run) => run.steps.length)));
  return {
    arms: arms.map(({ name, runs }) => ({ name, objective: objective(runs[0]!.scoring) })),
    headline: headline(table, steps.size === 1 ? [...steps][0]! : null),
    figures: figures(table, drawn),
    findings: findings(table, drawn, effects),
    facts: factsOf(study),
    table,
    curves: drawn,
  };
}
