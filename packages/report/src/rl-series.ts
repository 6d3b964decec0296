import { borderTasks, leansOnBorder } from "@videor1/miniature";
import { groupBy, meanOf } from "@videor1/statistics";
import type { RlRun } from "./read-run.ts";
import type { RlStep, Rollouts } from "./run-schema.ts";
import { taskOf } from "./task-table.ts";

/** One value a step; null where the step has none. */
export type Series = readonly (number | null)[];

/** What the curves show of an RL run, by the id of the curve. */
export function rlSeries({ steps, rollouts, scoring }: RlRun) {
  const of = (key: Exclude<keyof RlStep, "step">): Series => steps.map((line) => line[key] ?? null);
  const byStep = groupBy(rollouts, ({ step }) => step);
  const overGroups = (value: (groups: readonly Rollouts[]) => number | null): Series =>
    steps.map(({ step }) => value(byStep.get(step) ?? []));
  return {
    accuracy: of("reward/accuracy"),
    temporal: scoring.temporal.kind === "tgrpo" ? of("reward/temporal") : steps.map(() => null), // else 0.5 throughout
    length: of("completionLength"),
    p: overGroups((groups) => meanOf(groups.flatMap(({ dataType, p }) => (dataType === "video" ? [p] : [])))),
    pShuffled: of("temporal/pShuffled"),
    gap: of("temporal/gap"),
    contrast: of("contrast/delta"),
    border: overGroups(borderShare),
    format: of("reward/format"),
    noSignal: of("group/noSignal"),
    kl: of("kl"),
  } satisfies Record<string, Series>;
}

export type RlCurveId = keyof ReturnType<typeof rlSeries>;

/** Share of the answers to border questions (frames in order) that lean on the border. */
function borderShare(groups: readonly Rollouts[]): number | null {
  const asked = groups.filter(({ dataSource }) => borderTasks.has(taskOf(dataSource)));
  return meanOf(asked.flatMap(({ ordered }) => ordered).map(({ text }) => Number(leansOnBorder(text))));
}
