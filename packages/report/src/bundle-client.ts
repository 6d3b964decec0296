import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Script and style that the page carries inside. */
export interface ClientBundle {
  script: string;
  style: string;
}

/** The pages that there are: the script that each starts with, its styles, and whether it draws curves. */
const pages = {
  runs: { entry: "main.ts", sheets: ["base", "summary", "numbers", "rollouts", "answers"], hasCurves: true },
  benchmark: {
    entry: "benchmark.ts",
    sheets: ["base", "numbers", "rollouts", "answers", "benchmark"],
    hasCurves: false,
  },
} as const;

/** Bundles a page's own script and styles; those of curves with uPlot, whose licence travels in a comment. */
export async function bundleClient(page: keyof typeof pages): Promise<ClientBundle> {
  const { entry, sheets, hasCurves } = pages[page];
  const sources = fileURLToPath(new URL("../src", import.meta.url)); // the same from src/ and from the published dist/
  const uplot = dirname(dirname(createRequire(import.meta.url).resolve("uplot")));
  const licence = await readFile(join(uplot, "LICENSE"), "utf8");
  const { outputFiles } = await build({
    entryPoints: [join(sources, "client", entry)],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2022",
    legalComments: "none",
    ...(hasCurves && {
      banner: { js: `/*! This script contains uPlot (https://github.com/leeoniya/uPlot).\n${licence}*/` },
    }),
  });
  const files = sheets.map((name) => join(sources, "styles", `${name}.css`));
  if (hasCurves) files.unshift(join(uplot, "dist", "uPlot.min.css"));
  const styles = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return { script: outputFiles[0]!.text, style: styles.join("\n") };
}
