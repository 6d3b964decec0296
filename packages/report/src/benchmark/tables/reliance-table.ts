import { decimal } from "../../shared/units.ts";
import { integer, percentInterval, points, pointsInterval } from "../../words/format.ts";
import { claimOf } from "../claim.ts";
import type { Evaluated } from "../evaluated.ts";
import type { ReportTable } from "./report-table.ts";

type Reliance = Evaluated["evaluation"]["reliance"][string];

/** How the frames were shown instead, in a table and in a sentence, and what a higher score in order owes something to. */
const orders: Record<string, { shown: string; where: string; worth: string }> = {
  shuffled: { shown: "shuffled", where: "With the frames shuffled", worth: "the order of the frames" },
  reversed: { shown: "reversed", where: "With the frames reversed", worth: "the direction of time" },
  single: { shown: "the middle one alone", where: "With the middle frame alone", worth: "seeing more than one frame" },
  none: { shown: "none", where: "Without frames", worth: "seeing the video" },
};

/** What the order, or the sight, of the frames is worth to the model: in order against shown otherwise, paired by question. */
export function relianceTable({ evaluation }: Evaluated): ReportTable | undefined {
  const entries = Object.entries(evaluation.reliance);
  if (entries.length === 0) return undefined;
  return {
    title: "Temporal reliance",
    header: ["frames", "n", "clips", "in order", "shown so", "difference", "gained", "lost", "p"],
    rows: entries.map(([order, { n, clips, ordered, other, difference, gained, lost, p }]) => [
      orders[order]?.shown ?? order,
      integer(n),
      integer(clips),
      percentInterval(ordered),
      percentInterval(other),
      pointsInterval(difference),
      integer(gained),
      integer(lost),
      pText(p),
    ]),
    ranges: { columns: [3, 4], rows: entries.map(([, { ordered, other }]) => [ordered, other]) },
    about: [
      "In order minus shown so, in points, video questions alone; intervals over clips. Gained: right in order alone; lost: right otherwise alone; p of so uneven a split (McNemar, exact, which takes the questions for independent).",
      ...entries.map(([order, reliance]) => said(order, reliance)),
    ],
  };
}

/** "0.031", "< 0.001". */
export const pText = (p: number): string => (p < 0.001 ? "< 0.001" : decimal(p, 3));

function said(order: string, { difference, clips }: Reliance): string {
  const unknown = { where: `With the frames ${order}`, worth: "how the frames are shown" };
  const { where, worth } = orders[order] ?? unknown;
  const interval = `${points(difference.low)} to ${points(difference.high)}`;
  const claim = {
    few: `nothing can be said: there are ${clips} clip${clips === 1 ? "" : "s"} alone`,
    higher: `the score is lower, so it owes something to ${worth} (${points(difference.mean)} points, ${interval})`,
    lower: `the score is higher, so ${worth} does not help here (${points(difference.mean)} points, ${interval})`,
    none: `no difference is shown: the interval, ${interval} points, includes 0`,
  };
  return `${where} ${claim[claimOf(difference, clips)]}.`;
}
