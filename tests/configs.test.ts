import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AblationConfig } from "@videor1/ablation";
import { BenchConfig } from "@videor1/bench";
import { loadConfig } from "@videor1/cli";
import { MiniatureConfig } from "@videor1/miniature";
import { RlConfig } from "@videor1/rl";
import { MergeConfig, SftConfig } from "@videor1/sft";
import { expect, test } from "vitest";
import { root } from "./run-cli.ts";

const schemas = {
  sft: SftConfig,
  merge: MergeConfig,
  rl: RlConfig,
  bench: BenchConfig,
  ablation: AblationConfig,
  ".": MiniatureConfig,
};

const files = Object.entries(schemas).flatMap(([folder, schema]) =>
  readdirSync(join(root, "configs", folder))
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => ({ file: join("configs", folder, name), schema })),
);

test.each(files)("$file parses, and its first line is its command", ({ file, schema }) => {
  const config = loadConfig(schema, join(root, file));
  expect(config).toBeTruthy();
  const [command] = readFileSync(join(root, file), "utf8").split("\n");
  expect(command).toMatch(
    file === join("configs", "miniature.yaml") ? /^# npm start$/ : new RegExp(`^# npm (run \\w+|start) -- ${file}$`),
  );
});
