import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AblationConfig } from "@videor1/ablation";
import { AskConfig, askArguments, BenchConfig, expandShorthands, ScoreConfig, scoreArguments } from "@videor1/bench";
import { loadConfig } from "@videor1/cli";
import { AnnotateConfig, CurateConfig, FilterConfig } from "@videor1/data-tools";
import { MiniatureConfig } from "@videor1/miniature";
import { RlConfig } from "@videor1/rl";
import { MergeConfig, SftConfig } from "@videor1/sft";
import { expect, test } from "vitest";
import type { z } from "zod";
import { root } from "./run-cli.ts";

const schemas = {
  sft: SftConfig,
  merge: MergeConfig,
  rl: RlConfig,
  bench: BenchConfig,
  ask: AskConfig,
  score: ScoreConfig,
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

/** What an app's command line makes of its words. */
function argumentsOf(command: string | undefined, words: readonly string[]): string[] {
  if (command === "ask") return askArguments(words);
  return expandShorthands(words[0] === "score" ? scoreArguments(words.slice(1)) : words);
}

test.each(files)("$file parses, and its first line is its command", ({ file, schema }) => {
  const [first] = readFileSync(join(root, file), "utf8").split("\n");
  if (file === join("configs", "miniature.yaml")) {
    expect(first).toBe("# npm start");
    expect(loadConfig(schema, join(root, file))).toBeTruthy();
    return;
  }
  const [, command, settings] = /^# npm (?:run (\w+)|start) -- (.+)$/.exec(first!)!;
  const words = argumentsOf(command, wordsOf(settings!));
  const isDefault = words[0]!.includes("="); // a default config stands without its name
  if (!isDefault) expect(words).toEqual([file]);
  expect(loadConfig(schema, join(root, file), isDefault ? words : [])).toBeTruthy();
});

const verbs: Readonly<Record<string, z.ZodType>> = {
  annotate: AnnotateConfig,
  curate: CurateConfig,
  filter: FilterConfig,
};

test.each(readdirSync(join(root, "configs/data")))(
  "configs/data/%s parses, and its first line is its command",
  (name) => {
    const file = join("configs/data", name);
    const [first] = readFileSync(join(root, file), "utf8").split("\n");
    const [, verb, words] = /^# npm run data -- (\w+) (.+)$/.exec(first!)!;
    expect(words).toBe(file);
    expect(loadConfig(verbs[verb!]!, join(root, file))).toBeTruthy();
  },
);

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
