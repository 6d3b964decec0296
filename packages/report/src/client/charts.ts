/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import uPlot from "uplot";
import type { Curve, Line } from "../curves/curve.ts";
import { armColor } from "../shared/arm-color.ts";
import { inUnit } from "../shared/units.ts";

const height = 176;

/** A drawn curve; a change of the colour scheme redraws it. */
interface Plot {
  curve: Curve;
  chart: uPlot;
}

/** Draws every curve into its element, at the element's width, and lets the legend hide arms. */
export function showCharts(curves: readonly Curve[], arms: readonly string[]): void {
  const plots = [...document.querySelectorAll<HTMLElement>("[data-curve]")].map((holder) =>
    showChart(holder, curves.find(({ id }) => id === holder.dataset.curve)!, arms),
  );
  const legend = document.querySelector(".legend");
  legend?.addEventListener("change", () => {
    for (const plot of plots) showArms(plot, legend);
  });
}

function showChart(holder: HTMLElement, curve: Curve, arms: readonly string[]): Plot {
  const plot: Plot = { curve, chart: draw(holder, curve, arms) };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    plot.chart.destroy();
    plot.chart = draw(holder, curve, arms);
    showArms(plot, document.querySelector(".legend"));
  });
  new ResizeObserver(() => plot.chart.setSize({ width: holder.clientWidth, height })).observe(holder);
  holder.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const last = curve.steps.length - 1;
    const index = Math.min(last, Math.max(0, (plot.chart.cursor.idx ?? (move > 0 ? -1 : last + 1)) + move));
    plot.chart.setCursor({ left: plot.chart.valToPos(curve.steps[index]!, "x"), top: 0 });
  });
  return plot;
}

/** Shows the lines of the arms that are checked in the legend. */
function showArms({ curve, chart }: Plot, legend: Element | null): void {
  const hidden = new Set(
    [...(legend?.querySelectorAll<HTMLInputElement>("input:not(:checked)") ?? [])].map(({ value }) => Number(value)),
  );
  chart.batch(() => {
    for (const [i, { arm }] of curve.lines.entries())
      for (let series = 1; series <= seriesPerLine; series++)
        chart.setSeries(i * seriesPerLine + series, { show: !hidden.has(arm) });
  });
}

/** Series of a line: every step, low and high of the band, the smoothed line. */
const seriesPerLine = 4;

function draw(holder: HTMLElement, curve: Curve, arms: readonly string[]): uPlot {
  const style = getComputedStyle(holder);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const font = `11px ${style.fontFamily}`;
  const axis = { stroke: color("--muted"), font, ticks: { show: false } };
  const strokeOf = ({ arm }: Line) => color(arms.length > 1 ? armColor(arm) : "--ordered");
  const faint = curve.lines.length > 1 ? "2c" : "55";
  const points = { show: false };
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
      ...curve.lines.flatMap((line) => {
        const stroke = strokeOf(line);
        const edge = { width: 0, points, spanGaps: true };
        return [
          { stroke: `${stroke}${faint}`, width: line.band ? 0 : 1, points, spanGaps: true },
          edge,
          edge,
          { stroke, width: 2.25, points, spanGaps: true },
        ];
      }),
    ],
    bands: curve.lines.flatMap((line, i): uPlot.Band[] =>
      line.band ? [{ series: [i * seriesPerLine + 3, i * seriesPerLine + 2], fill: `${strokeOf(line)}2a` }] : [],
    ),
    hooks: { setCursor: [(chart) => showReadout(holder, curve, arms, chart.cursor.idx)] },
  };
  const none = curve.steps.map(() => null);
  const values = curve.lines.flatMap(({ raw, smooth, band }) => [raw, band?.low ?? none, band?.high ?? none, smooth]);
  return new uPlot(options, [curve.steps, ...values], holder);
}

/** The range of the y axis. Shares have all of [0, 1], so that small changes look small. */
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
      return [Math.min(0, low), high + room];
    default:
      return unit satisfies never;
  }
}

function showReadout(
  holder: HTMLElement,
  { steps, lines, unit, stage }: Curve,
  arms: readonly string[],
  index: number | null | undefined,
): void {
  const values = lines.map(({ arm, raw, smooth }) => {
    const label = stage === "RL" && arms.length > 1 ? `${arms[arm]} ` : "";
    return `${label}${inUnit(smooth[index!], unit)} (step: ${inUnit(raw[index!], unit)})`;
  });
  holder.nextElementSibling!.textContent = index == null ? "" : `step ${steps[index]} · ${values.join(" · ")}`;
}
