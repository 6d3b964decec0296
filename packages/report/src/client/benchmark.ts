/// <reference lib="dom" />
/** The script of the page of benchmarks: writes the items from the embedded data. */
import type { BenchmarkData } from "../benchmark/page/benchmark-data.ts";
import { showItems } from "./items.ts";

showItems(JSON.parse(document.getElementById("data")!.textContent) as BenchmarkData);
