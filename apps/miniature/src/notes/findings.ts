import { percent } from "@videor1/cli";
import {
  type CompleteLine,
  completeLines,
  type Finding,
  inWords,
  type Shown,
  signedDecimal,
  withPercent,
} from "@videor1/report";
import { tenth } from "@videor1/statistics";
import { contrastByThought } from "./border.ts";

/** Id of the curve of thoughts that lean on the border. */
export const borderCurve = "border";

/** The findings on the shortcut share in RL, and on order contrast by thought. */
export function findings({ arms, curves }: Shown): Finding[] {
  const names = arms.map(({ name }) => name);
  const lines = completeLines(curves, borderCurve);
  const steps = curves.find(({ id }) => id === borderCurve)?.steps.length ?? 0;
  return [
    ...(lines.length > 0 ? [shortcutFinding(lines, tenth(steps), names)] : []),
    ...arms.flatMap(({ name, runs }) =>
      contrastFinding(
        runs.flatMap(({ rollouts }) => rollouts),
        arms.length > 1 ? name : null,
      ),
    ),
  ];
}

/** A smaller change of an arm's share is no move. */
const leastMove = 0.05;

function shortcutFinding(lines: readonly CompleteLine[], steps: number, names: readonly string[]): Finding {
  const moves = new Set(
    lines.map(({ first, last }) => (Math.abs(last - first) <= leastMove ? 0 : Math.sign(last - first))),
  );
  const [only] = moves;
  const title =
    moves.size > 1
      ? "Not every arm left the shortcut"
      : only === -1
        ? "RL left the shortcut"
        : only === 1
          ? "RL took to the shortcut"
          : "RL left the shortcut share as it was";
  const { first, last } = lines[0]!;
  const ofArms = lines.map(({ arm, first, last }) => `${percent(first)} and ${withPercent(last)} in ${names[arm]}`);
  const shares =
    names.length > 1
      ? `Of the thoughts in the first and the last ${steps} steps lean on it: ${inWords(ofArms)}.`
      : `${withPercent(first)} of the thoughts lean on it in the first ${steps} steps, ${withPercent(last)} in the last ${steps}.`;
  return {
    title,
    text:
      "In training the coloured border often suggests the right answer to direction and order questions. " +
      `${shares} In the test set the border says nothing.`,
  };
}

/** @param name - name of the arm; null if it is the only one. */
function contrastFinding(groups: Parameters<typeof contrastByThought>[0], name: string | null): Finding[] {
  const { border, frames } = contrastByThought(groups);
  if (border === null || frames === null) return [];
  return [
    {
      title: `What order contrast tells apart${name === null ? "" : ` in ${name}`}`,
      text:
        `With the frames in order, right answers that lean on the border were likelier by ${signedDecimal(border)} nats, ` +
        `those that do not by ${signedDecimal(frames)}.`,
    },
  ];
}
