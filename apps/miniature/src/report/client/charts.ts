/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import uPlot from "uplot";
import type { Curve } from "../curves.ts";
import { inUnit } from "../format.ts";

const height = 176;

/** Draws every curve into its element, again when the colour scheme changes, and as wide as the element is. */
export function showCharts(curves: readonly Curve[]): void {
  for (const holder of document.querySelectorAll<HTMLElement>("[data-curve]")) {
    const curve = curves.find(({ id }) => id === holder.dataset.curve)!;
    let chart = draw(holder, curve);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      chart.destroy();
      chart = draw(holder, curve);
    });
    new ResizeObserver(() => chart.setSize({ width: holder.clientWidth, height })).observe(holder);
    holder.addEventListener("keydown", (event) => {
      const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (move === undefined) return;
      event.preventDefault();
      const last = curve.steps.length - 1;
      const index = Math.min(last, Math.max(0, (chart.cursor.idx ?? (move > 0 ? -1 : last + 1)) + move));
      chart.setCursor({ left: chart.valToPos(curve.steps[index]!, "x"), top: 0 });
    });
  }
}

function draw(holder: HTMLElement, curve: Curve): uPlot {
  const style = getComputedStyle(holder);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const strokes = curve.lines.length > 1 ? [color("--ordered"), color("--shuffled")] : [color("--ordered")];
  const font = `11px ${style.fontFamily}`;
  const points = { show: false };
  const axis = { stroke: color("--muted"), font, ticks: { show: false } };
  const options: uPlot.Options = {
    width: holder.clientWidth,
    height,
    padding: [8, 10, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, sync: { key: curve.stage }, points: { size: 7 } },
    scales: { x: { time: false }, y: { range: (_, low, high) => bounds(curve, low, high) } },
    axes: [
      { ...axis, size: 24, gap: 4, space: 70, grid: { show: false } },
      { ...axis, size: 38, gap: 6, space: 34, grid: { stroke: color("--line"), width: 1 } },
    ],
    series: [
      {},
      ...strokes.map((stroke) => ({
        stroke: `${stroke}${strokes.length > 1 ? "30" : "55"}`,
        width: 1,
        points,
        spanGaps: true,
      })),
      ...strokes.map((stroke) => ({ stroke, width: 2.5, points, spanGaps: true })),
    ],
    bands: strokes.length > 1 ? [{ series: [3, 4], fill: `${color("--ordered")}22` }] : [],
    hooks: { setCursor: [(chart) => showReadout(holder, curve, chart.cursor.idx)] },
  };
  const { steps, lines } = curve;
  return new uPlot(options, [steps, ...lines.map(({ raw }) => raw), ...lines.map(({ smooth }) => smooth)], holder);
}

/** Shares are drawn on the whole of [0, 1], so that small changes look small. */
function bounds({ unit }: Curve, low: number, high: number): [number, number] {
  const room = Math.max(0.1 * (high - low), 1e-3);
  switch (unit) {
    case "share":
      return [0, 1];
    case "difference":
      return [Math.min(-0.25, low), Math.max(0.75, high)];
    case "tokens":
      return [low - room, high + room];
    case "nats":
      return [0, high + room];
    default:
      return unit satisfies never;
  }
}

function showReadout(holder: HTMLElement, { steps, lines, unit }: Curve, index: number | null | undefined): void {
  const values = lines.map(({ name, raw, smooth }) => {
    const label = lines.length > 1 ? `${name} ` : "";
    return `${label}${inUnit(smooth[index!], unit)} (step: ${inUnit(raw[index!], unit)})`;
  });
  holder.nextElementSibling!.textContent = index == null ? "" : `step ${steps[index]} · ${values.join(" · ")}`;
}
