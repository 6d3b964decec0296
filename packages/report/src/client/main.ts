/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** The page's script: draws the curves and writes the rollouts from the embedded data. */
import type { ReportData } from "../report-data.ts";
import { showCharts } from "./charts.ts";
import { showRollouts } from "./rollouts.ts";

const data = JSON.parse(document.getElementById("data")!.textContent) as ReportData;
showCharts(
  data.curves,
  data.arms.map(({ name }) => name),
);
showRollouts(data);
