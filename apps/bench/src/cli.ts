import { runApp } from "@videor1/cli";
import { BenchConfig } from "./config.ts";

await runApp({
  name: "bench",
  description: "Evaluate a checkpoint on a benchmark.",
  schema: BenchConfig,
  folderKey: "outputDir",
  async run(config, options) {
    const { runBench, terminalReport } = await import("./run.ts"); // engines load only when needed
    const result = await runBench(config, options);
    options.print(terminalReport(config, result));
    options.print(`Predictions: ${result.predictionsFile}\nSummary: ${result.summaryFile}`);
  },
});
