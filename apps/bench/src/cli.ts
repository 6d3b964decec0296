import { runApp } from "@videor1/cli";
import { BenchConfig } from "./config.ts";
import { expandShorthands } from "./shorthand.ts";

const argv = process.argv.slice(2);

if (argv.includes("--list")) {
  const { benchmarkList } = await import("./list.ts");
  console.log(benchmarkList());
} else
  await runApp({
    name: "bench",
    description:
      "Evaluate a checkpoint, or a served model, on benchmarks or on records of your own; --list shows the benchmarks.",
    schema: BenchConfig,
    defaultConfig: "configs/bench/benchmark.yaml",
    folderKey: "outputDir",
    argv: expandShorthands(argv),
    async preview(config, options) {
      const { previewQuestion } = await import("./preview.ts");
      await previewQuestion(config, options);
    },
    async run(config, options) {
      const { bench } = await import("./run.ts"); // engines load only when needed
      await bench(config, options);
    },
  });
