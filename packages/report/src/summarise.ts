import { contrastByThought } from "@videor1/miniature";
import { bonusEffect, isLiteral } from "./bonus-effect.ts";
import type { Curve } from "./curve.ts";
import { curves } from "./curves.ts";
import { type EndRow, endTable } from "./end-table.ts";
import { type Fact, factsOf } from "./facts.ts";
import { type Figure, figures } from "./figures.ts";
import { type ArmEffect, type Finding, findings } from "./findings.ts";
import { type Headline, headline, plainHeadline } from "./headline.ts";
import { type LedgerView, ledgerView } from "./ledger.ts";
import { objective } from "./objective.ts";
import type { Arm, Study } from "./study.ts";
import { type TaskTable, taskTable } from "./task-table.ts";

/** Everything the page says in words and numbers. */
export interface Summary {
  /** What each arm rewards, and how many runs it has. */
  arms: { name: string; objective: string; runs: number }[];
  headline: Headline;
  figures: Figure[];
  findings: Finding[];
  facts: Fact[];
  /** null where the arms were not evaluated. */
  table: TaskTable | null;
  curves: Curve[];
  ends: EndRow[];
  /** Of SFT, where there is one, and of each arm. */
  ledger: LedgerView[];
}

/**
 * The summary of a study. Pure.
 *
 * @param temporalTasks - tasks whose answers depend on frame order.
 */
export function summarise(study: Study, temporalTasks: ReadonlySet<string>): Summary {
  const { sft, arms, benches } = study;
  const names = arms.map(({ name }) => name);
  const table = benches.length > 0 ? taskTable(benches, ["SFT", ...names], temporalTasks) : null;
  const drawn = curves(study);
  const lengths = new Set(arms.flatMap(({ runs }) => runs.map((run) => run.steps.length)));
  const steps = lengths.size === 1 ? [...lengths][0]! : null;
  return {
    arms: arms.map(({ name, runs }) => ({ name, objective: objective(runs[0]!.scoring), runs: runs.length })),
    headline: table ? headline(table, steps) : plainHeadline(arms, steps),
    figures: figures(table, drawn),
    findings: findings(names, table, drawn, arms.map(armEffect)),
    facts: factsOf(study),
    table,
    curves: drawn,
    ends: endTable(drawn, arms),
    ledger: [...(sft ? [ledgerView("SFT", [sft])] : []), ...arms.map(({ name, runs }) => ledgerView(name, runs))],
  };
}

function armEffect({ runs }: Arm): ArmEffect | null {
  const { scoring } = runs[0]!;
  if (scoring.temporal.kind === "none") return null;
  const rollouts = runs.flatMap((run) => run.rollouts);
  return {
    effect: bonusEffect(rollouts, scoring),
    isLiteral: isLiteral(scoring),
    contrast: contrastByThought(rollouts),
  };
}
