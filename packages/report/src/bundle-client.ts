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

const sheets = ["base", "summary", "numbers", "rollouts", "answers"] as const;

/** Bundles the page's own script with uPlot, whose licence travels in a comment, and the styles of both. */
export async function bundleClient(): Promise<ClientBundle> {
  const sources = fileURLToPath(new URL("../src", import.meta.url)); // the same from src/ and from the published dist/
  const uplot = dirname(dirname(createRequire(import.meta.url).resolve("uplot")));
  const licence = await readFile(join(uplot, "LICENSE"), "utf8");
  const { outputFiles } = await build({
    entryPoints: [join(sources, "client", "main.ts")],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2022",
    legalComments: "none",
    banner: { js: `/*! This script contains uPlot (https://github.com/leeoniya/uPlot).\n${licence}*/` },
  });
  const styles = await Promise.all(
    [join(uplot, "dist", "uPlot.min.css"), ...sheets.map((name) => join(sources, "styles", `${name}.css`))].map(
      (file) => readFile(file, "utf8"),
    ),
  );
  return { script: outputFiles[0]!.text, style: styles.join("\n") };
}
