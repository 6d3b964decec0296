import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AblationConfig } from "@videor1/ablation";
import { AskConfig, askArguments, BenchConfig, expandShorthands } from "@videor1/bench";
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
  ask: AskConfig,
  ablation: AblationConfig,
  ".": MiniatureConfig,
};

const files = Object.entries(schemas).flatMap(([folder, schema]) =>
  readdirSync(join(root, "configs", folder))
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => ({ file: join("configs", folder, name), schema })),
);

/** The words of a command in quotes are one argument. */
const wordsOf = (command: string): string[] => command.match(/"[^"]*"|\S+/g)!.map((word) => word.replaceAll('"', ""));

test.each(files)("$file parses, and its first line is its command", ({ file, schema }) => {
  const [first] = readFileSync(join(root, file), "utf8").split("\n");
  if (file === join("configs", "miniature.yaml")) {
    expect(first).toBe("# npm start");
    expect(loadConfig(schema, join(root, file))).toBeTruthy();
    return;
  }
  const [, command, settings] = /^# npm (?:run (\w+)|start) -- (.+)$/.exec(first!)!;
  const words = command === "ask" ? askArguments(wordsOf(settings!)) : expandShorthands(wordsOf(settings!));
  const isDefault = words[0]!.includes("="); // a default config stands without its name
  if (!isDefault) expect(words).toEqual([file]);
  expect(loadConfig(schema, join(root, file), isDefault ? words : [])).toBeTruthy();
});

test("the paper's arms differ from its T-GRPO in what their names say", () => {
  const paper = loadConfig(RlConfig, join(root, "configs/rl/qwen25vl-7b.yaml"));
  const arm = (name: string, overrides: string[] = []) =>
    loadConfig(RlConfig, join(root, `configs/rl/qwen25vl-7b${name}.yaml`), overrides);
  const same = (config: RlConfig, differs: Partial<RlConfig>) =>
    expect(config).toEqual({ ...paper, outputDir: config.outputDir, ...differs });
  same(arm("-wo-temporal"), { tgrpo: { ...paper.tgrpo, temporal: { kind: "none" } } });
  same(arm("-wo-length"), { tgrpo: { ...paper.tgrpo, length: { ...paper.tgrpo.length, enabled: false } } });
  same(arm("-zero"), { model: "checkpoints/Qwen2.5-VL-7B-Instruct" });
  same(arm("-wo-image"), {
    model: "runs/qwen25vl-7b/sft-wo-image/model",
    data: { ...paper.data, dataType: "video" },
  });
  for (const alpha of [0.1, 0.2, 0.4])
    same(arm("", [`tgrpo.temporal.alpha=${alpha}`]), {
      tgrpo: { ...paper.tgrpo, temporal: { ...paper.tgrpo.temporal, alpha } as never },
    });
});
