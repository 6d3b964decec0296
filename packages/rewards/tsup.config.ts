import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/expressions.ts", "src/reward-options.ts", "src/reading.ts"],
  format: ["esm", "cjs"],
  dts: true,
  clean: true,
  target: "es2022",
});
