import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/score-report.ts", "src/benchmark/index.ts"],
  format: "esm",
  dts: true,
  clean: true,
  target: "node20",
});
