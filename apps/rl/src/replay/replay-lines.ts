import { renderTable } from "@videor1/cli";
import type { Difference } from "./differences.ts";
import type { Replay } from "./replay.ts";

/** So many differences are told; one cause can have hundreds. */
const mostTold = 20;

/** A replay for the terminal: the step's metrics, recorded and recomputed, and every difference found. */
export function replayLines({ from, steps }: Replay): string[] {
  const { step, metrics, groups } = steps.at(-1)!;
  const names = [...new Set([...Object.keys(metrics.recorded), ...Object.keys(metrics.recomputed)])];
  const rows = names.map((name) => {
    const [recorded, recomputed] = [metrics.recorded[name], metrics.recomputed[name]];
    return [name, text(recorded), text(recomputed), text(Number(recomputed) - Number(recorded))];
  });
  const all = steps.flatMap((replayed) => replayed.differences);
  return [
    steps.length === 1 ? `Step ${step} from ${from}` : `Steps ${steps[0]!.step} to ${step} from ${from}`,
    renderTable([`step ${step}`, "recorded", "recomputed", "difference"], rows),
    ...all.slice(0, mostTold).map(differenceLine),
    ...(all.length > mostTold ? [`… and ${all.length - mostTold} more`] : []),
    all.length === 0
      ? `The answers of ${groups} prompts, their rewards and advantages, and all metrics agree.`
      : `${all.length} ${all.length === 1 ? "value differs" : "values differ"}: the record, the media or the weights are not those of the run, or another engine computes.`,
  ];
}

const differenceLine = ({ where, recorded, recomputed }: Difference): string =>
  `✖ ${where}: recorded ${text(recorded)}, recomputed ${text(recomputed)}`;

function text(value: unknown): string {
  if (value === undefined) return "none";
  if (typeof value === "number") return String(Number(value.toPrecision(9)));
  const json = JSON.stringify(value);
  return json.length > 100 ? `${json.slice(0, 99)}…` : json;
}
