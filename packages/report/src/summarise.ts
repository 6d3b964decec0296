import type { Curve } from "./curves/curve.ts";
import { curves } from "./curves/curves.ts";
import { type EndRow, endTable } from "./curves/end-table.ts";
import { rlCurves } from "./curves/rl-curves.ts";
import type { PageNotes, ReportNotes } from "./notes.ts";
import type { Arm, Study } from "./read/study.ts";
import { bonusEffect, isLiteral } from "./rollouts/bonus-effect.ts";
import { type LedgerView, ledgerView } from "./tables/ledger-view.ts";
import { type TaskTable, taskTable } from "./tables/task-table.ts";
import { type Fact, factsOf } from "./words/facts.ts";
import { type Figure, figures } from "./words/figures.ts";
import type { Finding } from "./words/finding.ts";
import { type ArmEffect, findings } from "./words/findings.ts";
import { type Headline, headline, plainHeadline } from "./words/headline.ts";
import { objective } from "./words/objective.ts";
import { meaningOfP, overArms, whenRight } from "./words/scoring-words.ts";

/** All words and numbers of the page. */
export interface Summary {
  /** `runs`: their number. */
  arms: { name: string; objective: string; runs: number }[];
  /** The threshold of a right answer and the meaning of p, in words. */
  rules: { right: string; p: string };
  headline: Headline;
  figures: Figure[];
  findings: Finding[];
  facts: Fact[];
  /** null if the arms were not evaluated. */
  table: TaskTable | null;
  curves: Curve[];
  /** Ids of the curves that the notes add. */
  notedCurves: string[];
  ends: EndRow[];
  /** The ledger of SFT, if it is known, and of each arm. */
  ledger: LedgerView[];
  notes: PageNotes;
}

/** The summary of a study. Pure if the notes are. */
export function summarise(study: Study, allNotes: ReportNotes): Summary {
  const { sft, arms, benches } = study;
  const {
    temporalTasks,
    traits: _,
    curves: noted = [],
    figures: notedFigures = [],
    findings: note,
    ...notes
  } = allNotes;
  const names = arms.map(({ name }) => name);
  const temporal = temporalTasks ? new Set(temporalTasks) : null;
  const table = benches.length > 0 ? taskTable(benches, ["SFT", ...names], temporal) : null;
  const scorings = arms.map(({ name, runs }) => ({ name, scoring: runs[0]!.scoring }));
  const rules = { right: overArms(scorings, whenRight), p: overArms(scorings, meaningOfP) };
  const drawn = curves(study, rlCurves(rules.p, noted));
  const lengths = new Set(arms.flatMap(({ runs }) => runs.map((run) => run.steps.length)));
  const steps = lengths.size === 1 ? [...lengths][0]! : null;
  return {
    arms: arms.map(({ name, runs }) => ({ name, objective: objective(runs[0]!.scoring), runs: runs.length })),
    rules,
    headline: table ? headline(table, steps) : plainHeadline(arms, steps),
    figures: figures(table, drawn, notedFigures),
    findings: findings({
      names,
      table,
      curves: drawn,
      effects: arms.map(armEffect),
      noted: note?.({ arms, table, curves: drawn }) ?? [],
      shortcut: notes.shortcut,
    }),
    facts: factsOf(study),
    table,
    curves: drawn,
    notedCurves: noted.map(({ id }) => id),
    ends: endTable(drawn, arms),
    ledger: [...(sft ? [ledgerView("SFT", [sft])] : []), ...arms.map(({ name, runs }) => ledgerView(name, runs))],
    notes,
  };
}

function armEffect({ runs }: Arm): ArmEffect | null {
  const { scoring } = runs[0]!;
  if (scoring.temporal.kind === "none") return null;
  const rollouts = runs.flatMap((run) => run.rollouts);
  return {
    effect: bonusEffect(rollouts, scoring),
    isLiteral: isLiteral(scoring),
  };
}
