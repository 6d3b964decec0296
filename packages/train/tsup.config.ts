import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/collective-contract.ts"],
  format: "esm",
  dts: true,
  clean: true,
  target: "node20",
});
