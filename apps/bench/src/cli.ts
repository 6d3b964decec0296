import { describeError, runApp } from "@videor1/cli";
import { BenchConfig } from "./config.ts";
import { expandShorthands } from "./shorthand.ts";

const argv = process.argv.slice(2);

/** Verbs that ask no question. */
const commands: Readonly<Record<string, (argv: readonly string[]) => Promise<void>>> = {
  compare: async (rest) => (await import("./compare/compare-command.ts")).compareCommand(rest, console.log),
  score: async (rest) => (await import("./score/cli.ts")).scoreCommand(rest),
};

const command = Object.hasOwn(commands, argv[0] ?? "") ? commands[argv[0]!] : undefined;
if (command !== undefined) {
  try {
    await command(argv.slice(1));
  } catch (error) {
    console.error(describeError(error));
    process.exitCode = 1;
  }
} else if (argv.includes("--list")) {
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
    ranks: "apart",
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
